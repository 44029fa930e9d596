import EvidenceStore
import Glibc
package import ReflexiveCore
import RowIndex

/// Finds the rows of one store that match a filter, for pages, the API and exports.
///
/// With a state directory, an index lists the rows, so that any filter takes milliseconds and all
/// matches are counted. Without one, or if the index cannot be written, the newest rows are looked
/// at for a moment.
///
/// It blocks for 5 seconds at most, so it needs a thread that may block.
package struct EvidenceSearch: Sendable {
  /// How long an answer may take.
  package static let timeLimit: Duration = .seconds(5)
  private static let pause: useconds_t = 5_000

  private let store: FollowedStore

  package init(_ store: FollowedStore) { self.store = store }

  /// Returns one page of the matching rows, and their number.
  package func page(
    _ filter: EvidenceFilter, _ request: PageRequest = PageRequest()
  ) throws(EvidenceSearchError) -> EvidencePage {
    try answer(filter) { (search) throws(IndexedSearch.Interruption) in
      try search.page(request)
    } withoutIndex: { (reader) throws(EvidenceSearchError) in
      try NewestRows(reader: reader, time: store.time).page(request)
    }
  }

  /// Returns matching rows, oldest first, as one piece of an export.
  ///
  /// - Parameters:
  ///   - after: only rows with higher ids.
  ///   - before: only rows with lower ids.
  /// - Returns: at most `limit` rows, and the id after which the next piece begins; `nil` after the
  ///   last one.
  package func rows(
    _ filter: EvidenceFilter, after: Int64?, before: Int64? = nil, limit: Int
  ) throws(EvidenceSearchError) -> (rows: [ListedEvidence], next: Int64?) {
    guard let span = PageRequest(before: before, after: after).span else { return ([], nil) }
    return try answer(filter) { (search) throws(IndexedSearch.Interruption) in
      let found = try search.find(limit: limit, in: span, ascending: true, counting: false)
      return (try search.rows(found.ids), found.matches == nil ? found.ids.last : nil)
    } withoutIndex: { (reader) throws(EvidenceSearchError) in
      try NewestRows(reader: reader, time: store.time).oldest(in: span, limit: limit)
    }
  }

  /// Like ``rows(_:after:before:limit:)``, up to and including the row `last`.
  package func rows(
    _ filter: EvidenceFilter, after: Int64, through last: Int64, limit: Int
  ) throws(EvidenceSearchError) -> (rows: [ListedEvidence], next: Int64?) {
    try rows(filter, after: after, before: last == .max ? nil : last + 1, limit: limit)
  }

  /// The number of rows with an id above `id`, up to and including `last`.
  package func count(after id: Int64, through last: Int64) throws(EvidenceSearchError) -> Int {
    try RowReader(store, EvidenceFilter(), until: deadline).count(after: id, through: last)
  }

  /// The row with this id, or the reason why there is none.
  package func row(id: Int64) throws(EvidenceSearchError) -> EvidenceLookup {
    let reader = RowReader(store, EvidenceFilter(), until: deadline)
    if let row = try reader.row(id: id) { return .found(row) }
    guard let greatest = store.state.greatestID, id <= greatest else { return .never }
    return .gone
  }

  /// The matching rows next to a row, which need not match itself.
  package func neighbours(
    of id: Int64, _ filter: EvidenceFilter
  ) throws(EvidenceSearchError) -> EvidenceNeighbours {
    try answer(filter) { (search) throws(IndexedSearch.Interruption) in
      EvidenceNeighbours(newer: try search.next(after: id), older: try search.next(before: id))
    } withoutIndex: { (reader) throws(EvidenceSearchError) in
      let newest = NewestRows(reader: reader, time: store.time)
      return EvidenceNeighbours(
        newer: try newest.page(PageRequest(after: id, limit: 1)).rows.first?.id,
        older: try newest.page(PageRequest(before: id, limit: 1)).rows.first?.id)
    }
  }

  private var deadline: ContinuousClock.Instant {
    store.time.monotonic().advanced(by: Self.timeLimit)
  }

  /// Asks the index until it answers, and helps to fill it if it lacks rows.
  private func answer<Answer>(
    _ filter: EvidenceFilter,
    _ ask: (IndexedSearch) throws(IndexedSearch.Interruption) -> Answer,
    withoutIndex: (RowReader) throws(EvidenceSearchError) -> Answer
  ) throws(EvidenceSearchError) -> Answer {
    let deadline = deadline
    var isReadable = false
    while true {
      let reader = RowReader(store, filter, until: deadline)
      try reader.checkTime()
      guard let index = store.index else { return try withoutIndex(reader) }
      do throws(IndexedSearch.Interruption) {
        return try ask(IndexedSearch(index: index, reader: reader))
      } catch {
        switch error {
        case .failed(let error): throw error
        case .indexUnavailable(.failed): return try withoutIndex(reader)
        case .indexChanged: continue
        case .indexUnavailable(.notReady):
          // There is nothing to wait for where the database can't be read.
          if !isReadable {
            _ = try reader.ids(in: 0...0)
            isReadable = true
          }
          store.fillIndex(until: deadline)
          usleep(Self.pause)
        }
      }
    }
  }
}

extension PageRequest {
  /// The ids that the page may show; `nil` if there can be none.
  var span: ClosedRange<Int64>? {
    guard after != .max, before != .min else { return nil }
    let low = after.map { $0 + 1 } ?? .min
    let high = before.map { $0 - 1 } ?? .max
    return low <= high ? low...high : nil
  }

  /// Whether the page shows the rows next to ``after``.
  var isAscending: Bool { after != nil && before == nil }
}

extension IndexedSearch {
  func page(_ request: PageRequest) throws(Interruption) -> EvidencePage {
    let isAscending = request.isAscending
    // An empty span shows no rows, but the matches are still counted.
    let span = request.span
    var found = try find(
      limit: span == nil ? 0 : request.limit + 1, in: span ?? 0...0, ascending: isAscending,
      counting: request.isCounting)
    let hasMore = found.ids.count > request.limit
    if hasMore { found.ids.removeLast() }
    if isAscending { found.ids.reverse() }
    var page = EvidencePage(
      rows: try rows(found.ids), matches: request.isCounting ? found.matches : nil,
      rowsTotal: try rowCount(),
      isComplete: true)
    if isAscending {
      page.previous = hasMore ? found.ids.first : nil
      if let after = request.after, try exists(atMost: after) {
        page.next = found.ids.last ?? (after == .max ? nil : after + 1)
      }
    } else {
      page.next = hasMore ? found.ids.last : nil
      if let before = request.before, try exists(atLeast: before) {
        page.previous = found.ids.first ?? (before == .min ? nil : before - 1)
      }
    }
    return page
  }

  /// The lowest id above `id` that matches.
  func next(after id: Int64) throws(Interruption) -> Int64? {
    id == .max ? nil : try first(in: id + 1...Int64.max, ascending: true)
  }

  /// The highest id below `id` that matches.
  func next(before id: Int64) throws(Interruption) -> Int64? {
    id == .min ? nil : try first(in: Int64.min...id - 1, ascending: false)
  }

  private func exists(atMost id: Int64) throws(Interruption) -> Bool {
    try first(in: Int64.min...id, ascending: false) != nil
  }

  private func exists(atLeast id: Int64) throws(Interruption) -> Bool {
    try first(in: id...Int64.max, ascending: true) != nil
  }

  private func first(
    in span: ClosedRange<Int64>, ascending: Bool
  ) throws(Interruption) -> Int64? {
    let found = try find(limit: 1, in: span, ascending: ascending, counting: false)
    return try rows(found.ids).first?.id
  }

  private func rowCount() throws(Interruption) -> Int {
    do throws(RowIndex.Unavailable) {
      return try index.rowCount()
    } catch {
      throw .indexUnavailable(error)
    }
  }
}
