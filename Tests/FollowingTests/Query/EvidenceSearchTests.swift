import Foundation
import LinuxSystem
import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// What pages show, against a search through rows that were made up beforehand.
struct EvidenceSearchTests {
  /// Stores and filters for each of them: few here, 10,000 in all with `make test-long`.
  private static let isLong = ProcessInfo.processInfo.environment["LONG_TESTS"] != nil
  private static let stores: Range<UInt64> = 0..<(isLong ? 100 : 12)
  private static let filters = 100

  @Test(arguments: stores)
  func anyFilterFindsWhatASearchThroughAllRowsFinds(seed: UInt64) async throws {
    let wrong = try await onThread {
      let nasty = try NastyStore(seed: seed, rows: [0, 1, 60, 64, 700, 1500][Int(seed % 6)])
      let followed = try FollowedNastyStore(nasty)
      var filters = RandomFilter(seed: seed + 1)
      var wrong: [String] = []
      for _ in 0..<Self.filters {
        let filter = filters.next(for: nasty.rows)
        let request = filters.request(for: nasty.rows)
        let page = try followed.search.page(filter, request)
        for what in differences(of: page, filter, request, nasty.rows) {
          wrong.append("\(what): \(filter), \(request)")
        }
        var uncounted = request
        uncounted.isCounting = false
        var expected = page
        expected.matches = nil
        if try followed.search.page(filter, uncounted) != expected {
          wrong.append("without a count: \(filter), \(request)")
        }
      }
      return wrong
    }
    #expect(wrong == [])
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func anExportHasEveryMatchOnceInTheOrderOfIDs(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 500)
    for state in [true, false] {
      let followed = try FollowedNastyStore(nasty, keepsState: state)
      var filters = RandomFilter(seed: seed + 1)
      for _ in 0..<10 {
        let filter = filters.next(for: nasty.rows)
        var ids: [Int64] = []
        var after: Int64?
        repeat {
          let piece = try followed.search.rows(filter, after: after, limit: 37)
          ids += piece.rows.map(\.id)
          after = piece.next
        } while after != nil
        #expect(ids == matching(filter, nasty.rows).map(\.id))
      }
    }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func withoutStateAPageMayBeShortAndTheNextOneGoesOn(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 700)
    let followed = try FollowedNastyStore(nasty, keepsState: false)
    var filters = RandomFilter(seed: seed + 1)
    for _ in 0..<20 {
      let filter = filters.next(for: nasty.rows)
      var ids: [Int64] = []
      var request = PageRequest(limit: 50)
      repeat {
        let page = try followed.search.page(filter, request)
        #expect(!page.isComplete)
        #expect(page.matches == nil)
        ids += page.rows.map(\.id)
        request.before = page.next
      } while request.before != nil
      #expect(ids == matching(filter, nasty.rows).map(\.id).reversed())
    }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func neighboursAreTheNextMatchesOnBothSides(seed: UInt64) throws {
    let nasty = try NastyStore(seed: seed, rows: 300)
    let followed = try FollowedNastyStore(nasty)
    var filters = RandomFilter(seed: seed + 1)
    for _ in 0..<30 {
      let filter = filters.next(for: nasty.rows)
      let id = nasty.rows[Int(seed * 41 % 300)].id
      let found = try followed.search.neighbours(of: id, filter)
      let ids = matching(filter, nasty.rows).map(\.id)
      #expect(found.newer == ids.first { $0 > id })
      #expect(found.older == ids.last { $0 < id })
    }
  }

  private func matching(
    _ filter: EvidenceFilter, _ rows: [NastyStore.Expected]
  ) -> [NastyStore.Expected] {
    rows.filter { $0.matches(filter, at: Double(NastyStore.now)) }
  }

  /// What of a page is not as a search through all rows says.
  private func differences(
    of page: EvidencePage, _ filter: EvidenceFilter, _ request: PageRequest,
    _ rows: [NastyStore.Expected]
  ) -> [String] {
    let now = Double(NastyStore.now)
    let all = matching(filter, rows)
    let inside = all.filter {
      $0.id < request.before ?? .max && $0.id > request.after ?? .min
    }
    let isAscending = request.after != nil && request.before == nil
    let shown = isAscending ? inside.prefix(request.limit) : inside.suffix(request.limit)
    var wrong: [String] = []
    if !page.isComplete { wrong.append("incomplete") }
    if page.matches != all.count { wrong.append("\(page.matches ?? -1) of \(all.count) matches") }
    if page.rowsTotal != rows.count { wrong.append("rows") }
    if page.rows.map(\.id) != shown.map(\.id).reversed() { wrong.append("ids") }
    let isListed = zip(page.rows, shown.reversed()).allSatisfy { $1.isListed(as: $0, at: now) }
    if !isListed { wrong.append("content") }
    guard request.after == nil || request.before == nil else { return wrong }
    let low = shown.first?.id ?? request.before ?? request.after.map { $0 + 1 } ?? .min
    let high = shown.last?.id ?? request.before.map { $0 - 1 } ?? request.after ?? .max
    if (page.next != nil) != all.contains(where: { $0.id < low }) { wrong.append("next") }
    if (page.previous != nil) != all.contains(where: { $0.id > high }) { wrong.append("previous") }
    return wrong
  }
}
