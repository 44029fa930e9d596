import Foundation
import TestSupport
import Testing

@testable import Following

struct CheckpointDamageTests {
  /// Some rows are deleted from the table: only a checkpoint still counts them.
  private let restarts: Restarts
  private let file: String
  private let bytes: [UInt8]

  init() throws {
    restarts = try Restarts()
    try restarts.store.append(5)
    try restarts.followAndSave()
    file = try #require(try restarts.files.first)
    bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    try restarts.store.execute("DELETE FROM evidence WHERE id <= 3")
  }

  private func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file))
  }

  /// Follows the store, expecting that it is counted anew.
  private func expectRebuild(_ reason: String) throws {
    do {
      let rebuilt = restarts.follow(try restarts.open())
      #expect(rebuilt.countedRows == 2)
      #expect(restarts.log.all.count { $0.contains("the checkpoint is not used") } == 1)
      #expect(restarts.log.contains(reason), "\(restarts.log.all)")
      rebuilt.saveCheckpoint()
    }
    #expect(restarts.follow(try restarts.open()).countedRows == 2)
    #expect(restarts.log.contains("resumed"))
  }

  @Test func anUndamagedOneIsUsed() throws {
    #expect(restarts.follow(try restarts.open()).countedRows == 5)
  }

  @Test func anEmptyFileIsRefused() throws {
    try write([])
    try expectRebuild("it is empty")
  }

  @Test func zerosAreRefused() throws {
    try write(Array(repeating: 0, count: bytes.count))
    try expectRebuild("it is not a checkpoint")
  }

  @Test(arguments: [0.05, 0.5, 0.99])
  func aCutFileIsRefused(share: Double) throws {
    try write(Array(bytes.prefix(Int(Double(bytes.count) * share))))
    try expectRebuild("it is cut short")
  }

  @Test func moreBytesAtTheEndAreRefused() throws {
    try write(bytes + [0])
    try expectRebuild("it is damaged")
  }

  @Test func anotherVersionIsRefused() throws {
    var other = bytes
    other[8] += 1
    try write(other)
    try expectRebuild("another version")
  }

  @Test func anyFlippedBitIsRefused() throws {
    let subject = StoreCheckpoint.Subject(name: "s", path: restarts.store.path)
    var refused = 0
    for index in bytes.indices {
      var flipped = bytes
      flipped[index] ^= 1 << UInt8(index % 8)
      if case .failure = StoreCheckpoint.decode(flipped, for: subject, restarts.settings) {
        refused += 1
      }
    }
    #expect(refused == bytes.count)
    var flipped = bytes
    flipped[bytes.count / 2] ^= 16
    try write(flipped)
    try expectRebuild("it is damaged")
  }

  @Test func contentThatIsNoStateIsRefusedEvenWhereTheSealHolds() throws {
    let content = try CheckpointFileFormat.open(bytes).get()
    try write(CheckpointFileFormat.seal(Array(content.dropLast(9))))
    try expectRebuild("it is damaged")
  }

  @Test func anotherStoresIsRefused() throws {
    let other = try TemporaryStore()
    try other.append(50)
    do {
      let directory = try restarts.open()
      restarts.follow(directory, name: "other", path: other.path).saveCheckpoint()
    }
    let others = try #require(try restarts.files.first { $0 != file })
    try write(Array(try Data(contentsOf: URL(fileURLWithPath: others))))
    try expectRebuild("it belongs to another store")
  }

  @Test func aPipeInItsPlaceKeepsNobodyWaiting() throws {
    try FileManager.default.removeItem(atPath: file)
    #expect(mkfifo(file, 0o600) == 0)
    try expectRebuild("cannot read")
  }

  @Test func aLinkInItsPlaceIsNotFollowed() throws {
    let elsewhere = restarts.store.directory + "/elsewhere"
    try FileManager.default.moveItem(atPath: file, toPath: elsewhere)
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: elsewhere)
    try expectRebuild("cannot open")
    #expect(Array(try Data(contentsOf: URL(fileURLWithPath: elsewhere))) == bytes)
  }

  @Test func whatAKilledWriterLeftIsOverwritten() throws {
    try Data("half".utf8).write(to: URL(fileURLWithPath: file + ".tmp"))
    #expect(restarts.follow(try restarts.open()).countedRows == 5)
    try restarts.store.append(1)
    try restarts.followAndSave()
    #expect(!FileManager.default.fileExists(atPath: file + ".tmp"))
    #expect(restarts.follow(try restarts.open()).countedRows == 6)
  }
}
