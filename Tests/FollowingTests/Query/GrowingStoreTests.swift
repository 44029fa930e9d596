import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// Pages of a store that somebody writes to.
struct GrowingStoreTests {
  @Test(arguments: 0..<4 as Range<UInt64>)
  func pagesFetchedWhileRowsArriveRepeatNoneAndSkipNone(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 400)
    let followed = try FollowedNastyStore(nasty)
    let before = nasty.rows.map(\.id)
    var ids: [Int64] = []
    var request = PageRequest(limit: 17)
    repeat {
      let page = try followed.search.page(EvidenceFilter(), request)
      ids += page.rows.map(\.id)
      request.before = page.next
      try nasty.append(23)
      followed.catchUp()
    } while request.before != nil
    #expect(ids == before.reversed())
    // And back, up to the newest of all.
    var newer: [Int64] = []
    request = PageRequest(after: ids.last, limit: 31)
    repeat {
      let page = try followed.search.page(EvidenceFilter(), request)
      newer += page.rows.map(\.id).reversed()
      request.after = page.previous
    } while request.after != nil
    #expect(newer == Array(nasty.rows.map(\.id).dropFirst()))
  }

  @Test func aRowIsThereAsSoonAsTheTailHasReadIt() throws {
    let nasty = try NastyStore(seed: 3, rows: 64)
    let followed = try FollowedNastyStore(nasty)
    for _ in 0..<150 {
      try nasty.append(1)
      followed.catchUp()
      let page = try followed.search.page(EvidenceFilter(), PageRequest(limit: 1))
      #expect(page.rows.first?.id == nasty.rows.last?.id)
      #expect(page.rowsTotal == nasty.rows.count)
    }
  }

  @Test func aStoreThatIsNotReadToItsEndIsNotAnsweredFor() throws {
    let nasty = try NastyStore(seed: 3, rows: 10)
    let followed = try FollowedNastyStore(nasty)
    var settings = followed.store.settings
    settings.scoreScale = 2
    followed.store.configure(settings)
    followed.clock.goOn(by: .milliseconds(300))
    #expect(throws: EvidenceSearchError.timedOut) {
      try followed.search.page(EvidenceFilter())
    }
    followed.clock.goOn(by: .zero)
    followed.catchUp()
    #expect(try followed.search.page(EvidenceFilter()).rowsTotal == 10)
  }
}
