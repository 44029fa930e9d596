import Foundation
import LinuxSystem
import ReflexiveCore
import RowIndex
import TestSupport
import Testing

@testable import Following

/// The index over restarts, resets and damage: whatever happens, answers are right.
struct IndexRestartTests {
  @Test(arguments: 0..<6 as Range<UInt64>)
  func aDaemonThatIsKilledAtAnyTimeGoesOnFromItsCheckpoint(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 100)
    let folder = try Folder()
    for round in 0..<4 {
      let followed = try FollowedNastyStore(nasty, in: folder)
      try followed.expectRight("round \(round)")
      followed.store.saveCheckpoint()
      // Read, and lost with the process.
      try nasty.append(150)
      followed.catchUp()
      try followed.expectRight("round \(round), later")
    }
    let again = try FollowedNastyStore(nasty, in: folder)
    #expect(again.log.contains("resumed"))
    #expect(!again.log.contains("filling it again"))
    try again.expectRight()
  }

  @Test(arguments: ["replaced", "truncated", "recreated", "stopped and replaced"])
  func anotherContentIsIndexedAnew(what: String) throws {
    let nasty = try NastyStore(seed: 2, rows: 300)
    let folder = try Folder()
    var followed: FollowedNastyStore? = try FollowedNastyStore(nasty, in: folder)
    followed?.store.saveCheckpoint()
    if what == "stopped and replaced" { followed = nil }
    let other = try NastyStore(seed: 9, rows: what == "truncated" ? 20 : 250)
    try nasty.become(other, byReplacing: what.contains("replaced"))
    let after = try followed ?? FollowedNastyStore(nasty, in: folder)
    after.catchUp()
    try after.expectRight(what)
    after.store.saveCheckpoint()
    try nasty.append(10)
    followed = nil
  }

  @Test func aFileThatIsDamagedAtAnyByteIsFilledAnew() async throws {
    let wrong = try await onThread {
      let nasty = try NastyStore(seed: 8, rows: 13)
      let folder = try Folder()
      try FollowedNastyStore(nasty, in: folder, blockRows: 10).store.saveCheckpoint()
      let file = URL(fileURLWithPath: try FollowedNastyStore.indexFile(in: folder) ?? "")
      let whole = try Data(contentsOf: file)
      return try whole.indices.filter { position in
        var damaged = whole
        damaged[position] ^= 1 << UInt8(position % 8)
        try damaged.write(to: file)
        let followed = try FollowedNastyStore(nasty, in: folder, blockRows: 10)
        return try !followed.wrongAnswers(filters: 3).isEmpty
      }
    }
    #expect(wrong == [])
  }

  @Test(arguments: ["missing", "empty", "cut short", "foreign", "older"])
  func aFileThatIsNotTheOneOfTheCheckpointIsFilledAnew(what: String) throws {
    let nasty = try NastyStore(seed: 8, rows: 200)
    let folder = try Folder()
    func run() throws -> Data {
      let followed = try FollowedNastyStore(nasty, in: folder)
      followed.store.saveCheckpoint()
      let file = try #require(try FollowedNastyStore.indexFile(in: folder))
      return try Data(contentsOf: URL(fileURLWithPath: file))
    }
    let older = try run()
    try nasty.append(200)
    let newer = try run()
    let url = URL(
      fileURLWithPath: try #require(try FollowedNastyStore.indexFile(in: folder)))
    switch what {
    case "missing": try FileManager.default.removeItem(at: url)
    case "empty": try Data().write(to: url)
    case "cut short": try newer.dropLast().write(to: url)
    case "older": try older.write(to: url)
    default:
      let other = try Folder()
      let foreign = try NastyStore(seed: 9, rows: 500)
      try FollowedNastyStore(foreign, in: other).store.saveCheckpoint()
      let file = try #require(try FollowedNastyStore.indexFile(in: other))
      try Data(contentsOf: URL(fileURLWithPath: file)).write(to: url)
    }
    do {
      let again = try FollowedNastyStore(nasty, in: folder)
      #expect(again.log.contains("resumed"))
      #expect(again.log.contains("filling it again"))
      try again.expectRight(what)
      again.store.saveCheckpoint()
    }
    let healed = try FollowedNastyStore(nasty, in: folder)
    #expect(!healed.log.contains("filling it again"))
    try healed.expectRight(what)
  }

  @Test func rowsThatComeWhileItIsFilledAreInIt() throws {
    let nasty = try NastyStore(seed: 6, rows: 300)
    let followed = try FollowedNastyStore(nasty)
    let index = try #require(followed.store.index)
    #expect(!index.restore(nil, tailID: nasty.rows.last?.id))
    #expect(index.isIncomplete)
    try nasty.append(100)
    followed.catchUp()
    followed.store.maintainIndex()
    #expect(!index.isIncomplete)
    try followed.expectRight()
  }

  @Test func otherSettingsThatReadTheRowsOtherwiseFillItAnew() throws {
    let nasty = try NastyStore(seed: 6, rows: 200)
    let followed = try FollowedNastyStore(nasty)
    var settings = followed.store.settings
    settings.scoreScale = 2
    followed.store.configure(settings)
    followed.catchUp()
    var filter = EvidenceFilter()
    filter.score = ScoreRange(lower: 0.76)
    #expect(try followed.search.page(filter).matches == 0)
  }

  @Test func whereTheFileCannotBeWrittenTheNewestRowsAreLookedAt() throws {
    let nasty = try NastyStore(seed: 6, rows: 10)
    let folder = try Folder()
    do {
      let followed = try FollowedNastyStore(nasty, in: folder)
      followed.store.saveCheckpoint()
    }
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .first { $0.hasSuffix(".checkpoint") })
    let index = folder.path + "/" + name.replacingOccurrences(of: ".checkpoint", with: ".rows")
    try FileManager.default.createDirectory(
      atPath: index, withIntermediateDirectories: false)
    try nasty.append(300)
    let followed = try FollowedNastyStore(nasty, in: folder)
    let page = try followed.search.page(EvidenceFilter())
    #expect(!page.isComplete)
    #expect(page.matches == nil)
    #expect(page.rows.map(\.id) == nasty.rows.suffix(50).map(\.id).reversed())
    followed.store.maintainIndex()
    #expect(followed.log.all.count { $0.contains("cannot be written") } == 1)
    try FileManager.default.removeItem(atPath: index)
    followed.clock.leap(.seconds(61))
    followed.store.maintainIndex()
    followed.store.maintainIndex()
    try followed.expectRight()
    #expect(followed.log.all.count { $0.contains("cannot be written") } == 1)
  }
}
