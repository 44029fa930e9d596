import Foundation
import TestSupport
import Testing

@testable import Following

struct FailedCheckpointTests {
  @Test func aFailedWriteIsLoggedOnceAndMendsItself() throws {
    let restarts = try Restarts()
    try restarts.store.append(1)
    let followed = restarts.follow(try restarts.open())
    followed.saveCheckpoint()
    let file = try #require(try restarts.files.first)
    try FileManager.default.removeItem(atPath: file)
    try FileManager.default.createDirectory(
      atPath: file + "/full", withIntermediateDirectories: true)
    for _ in 0..<3 {
      try restarts.store.append(1)
      while followed.tick() == .more {}
      followed.saveCheckpoint()
    }
    #expect(followed.countedRows == 4)
    #expect(restarts.log.all.count { $0.contains("cannot be written") } == 1)
    #expect(!FileManager.default.fileExists(atPath: file + ".tmp"))
    try FileManager.default.removeItem(atPath: file)
    followed.saveCheckpoint()
    #expect(FileManager.default.fileExists(atPath: file))
  }
}
