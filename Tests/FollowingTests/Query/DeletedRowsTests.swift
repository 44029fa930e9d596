import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// Rows that their owner deletes.
struct DeletedRowsTests {
  @Test(arguments: 0..<6 as Range<UInt64>)
  func rowsDeletedAtEitherEndAreForgottenAtTheNextLook(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 400)
    let followed = try FollowedNastyStore(nasty)
    let ids = nasty.rows.map(\.id)
    try nasty.delete { $0 < ids[150] || $0 > ids[300] }
    followed.catchUp()
    followed.store.maintainIndex()
    try followed.expectRight()
    try nasty.append(100)
    followed.catchUp()
    try followed.expectRight()
    try nasty.delete { $0 < ids[151] }
    followed.catchUp()
    followed.store.maintainIndex()
    try followed.expectRight()
  }

  @Test func aTableThatIsEmptiedHasNoRows() throws {
    let nasty = try NastyStore(seed: 1, rows: 200)
    let followed = try FollowedNastyStore(nasty)
    try nasty.delete { _ in true }
    followed.catchUp()
    followed.store.maintainIndex()
    try followed.expectRight()
    try nasty.append(70)
    followed.catchUp()
    try followed.expectRight()
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func rowsDeletedInBetweenAreForgottenWithinAnHour(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 400)
    let followed = try FollowedNastyStore(nasty)
    let ids = nasty.rows.map(\.id)
    try nasty.delete { $0 > ids[0] && $0 < ids[399] && $0 % 3 == 0 }
    followed.catchUp()
    for _ in 0..<1800 {
      followed.store.maintainIndex()
      followed.clock.leap(.seconds(2))
    }
    try followed.expectRight()
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func aRowThatIsGoneIsNeverShown(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 400)
    let followed = try FollowedNastyStore(nasty)
    try nasty.delete { $0 % 5 < 3 }
    var ids: [Int64] = []
    var request = PageRequest(limit: 20)
    repeat {
      let page = try followed.search.page(EvidenceFilter(), request)
      ids += page.rows.map(\.id)
      request.before = page.next
    } while request.before != nil
    #expect(ids == nasty.rows.map(\.id).reversed())
    let exported = try followed.search.rows(EvidenceFilter(), after: nil, limit: 1000)
    #expect(exported.rows.map(\.id) == nasty.rows.map(\.id))
    // Whoever has looked at all rows has made the index forget those that are gone.
    try followed.expectRight()
  }

  @Test func deletionsOutlastARestart() throws {
    let nasty = try NastyStore(seed: 4, rows: 500)
    let folder = try Folder()
    let ids = nasty.rows.map(\.id)
    do {
      let followed = try FollowedNastyStore(nasty, in: folder)
      followed.store.saveCheckpoint()
      try nasty.delete { $0 < ids[100] || $0 % 2 == 0 }
      followed.catchUp()
      followed.store.maintainIndex()
      _ = try followed.search.rows(EvidenceFilter(), after: nil, limit: 1000)
      try nasty.append(10)
      followed.catchUp()
      followed.store.saveCheckpoint()
      try followed.expectRight("before")
    }
    let again = try FollowedNastyStore(nasty, in: folder)
    #expect(again.log.contains("resumed"))
    #expect(!again.log.contains("index"))
    try again.expectRight("after")
  }
}
