import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// What became of one id.
struct PermalinkTests {
  @Test(arguments: [true, false])
  func aRowIsFoundGoneOrNeverWas(keepsState: Bool) throws {
    let nasty = try NastyStore(seed: 1, rows: 200)
    let followed = try FollowedNastyStore(nasty, keepsState: keepsState)
    for expected in nasty.rows {
      guard case .found(let found) = try followed.search.row(id: expected.id) else {
        Issue.record("row \(expected.id) is not found")
        continue
      }
      #expect(expected.isListed(as: found.row, at: Double(NastyStore.now)))
    }
    let ids = nasty.rows.map(\.id)
    try nasty.delete { $0 == ids[5] || $0 == ids[199] }
    #expect(try followed.search.row(id: ids[5]) == .gone)
    #expect(try followed.search.row(id: ids[199]) == .gone)
    #expect(try followed.search.row(id: ids[199] + 1) == .never)
    #expect(try followed.search.row(id: -1) == .gone)
  }

  @Test func whatIsGoneIsRememberedOverRestartsResetsAndOtherSettings() throws {
    let nasty = try NastyStore(seed: 1, rows: 200)
    let folder = try Folder()
    let last = try #require(nasty.rows.last?.id)
    try FollowedNastyStore(nasty, in: folder).store.saveCheckpoint()
    try nasty.become(NastyStore(seed: 3, rows: 10), byReplacing: true)
    do {
      let replaced = try FollowedNastyStore(nasty, in: folder)
      #expect(try replaced.search.row(id: last) == .gone)
      #expect(try replaced.search.row(id: last + 1) == .never)
      replaced.store.saveCheckpoint()
    }
    var settings = FollowedStore.Settings(payloadLimit: 9000)
    settings.scoreScale = 2
    let other = try FollowedNastyStore(nasty, in: folder, settings: settings)
    #expect(other.log.contains("other settings"))
    #expect(try other.search.row(id: last) == .gone)
  }

  @Test func aPayloadIsWholeWhateverItsLengthAndKind() throws {
    let nasty = try NastyStore(seed: 0, rows: 0)
    let long = String(repeating: "x", count: NastyStore.payloadLimit + 10)
    try nasty.store.execute(
      """
      INSERT INTO evidence (id, event, payload, ts) VALUES
        (1, 'e', '\(long)', 0), (2, 'e', NULL, 0), (3, 'e', x'ff00', 0), (4, 'e', 1.5, 0)
      """)
    let followed = try FollowedNastyStore(nasty)
    func payload(_ id: Int64) throws -> [UInt8]? {
      guard case .found(let found) = try followed.search.row(id: id) else { return [] }
      return found.payload
    }
    #expect(try payload(1) == Array(long.utf8))
    #expect(try payload(2) == nil)
    #expect(try payload(3) == [0xff, 0])
    #expect(try payload(4) == Array("1.5".utf8))
  }

  @Test func aStoreThatCannotBeReadIsAnError() throws {
    let nasty = try NastyStore(seed: 1, rows: 20)
    let followed = try FollowedNastyStore(nasty)
    nasty.store.close()
    try nasty.hide()
    #expect(throws: EvidenceSearchError.self) { try followed.search.row(id: 1) }
    #expect(throws: EvidenceSearchError.self) { try followed.search.page(EvidenceFilter()) }
  }
}
