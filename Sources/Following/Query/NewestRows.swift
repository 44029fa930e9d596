import EvidenceStore
import ReflexiveCore

/// Finds rows without an index, by looking at one row after the other for a moment.
struct NewestRows {
  /// How long to look at rows.
  private static let timeLimit: Duration = .milliseconds(80)
  /// The number of rows that one snapshot reads.
  private static let chunk = 500
  private static let byteLimit = 4 << 20

  let reader: RowReader
  let time: TimeSource

  /// Returns a page, which may be short. The next page then continues where it ended.
  func page(_ request: PageRequest) throws(EvidenceSearchError) -> EvidencePage {
    var page = EvidencePage(rows: [], isComplete: false)
    guard let span = request.span else { return page }
    let found = try look(in: span, limit: request.limit, ascending: request.isAscending)
    page.rows = request.isAscending ? found.rows.reversed() : found.rows
    if request.isAscending {
      page.previous = found.position
      page.next = page.rows.last?.id ?? request.after.map { $0 + 1 }
    } else {
      page.next = found.position
      page.previous = request.before.flatMap { before in
        page.rows.first?.id ?? (before == .min ? nil : before - 1)
      }
    }
    return page
  }

  /// The first rows of `span`, oldest first, and where to continue.
  func oldest(
    in span: ClosedRange<Int64>, limit: Int
  ) throws(EvidenceSearchError) -> (rows: [ListedEvidence], next: Int64?) {
    let found = try look(in: span, limit: limit, ascending: true)
    return (found.rows, found.position)
  }

  private struct Found {
    /// In the order of the search.
    var rows: [ListedEvidence] = []
    /// The last id that was looked at; `nil` if it was the last in the span.
    var position: Int64?
  }

  private func look(
    in span: ClosedRange<Int64>, limit: Int, ascending: Bool
  ) throws(EvidenceSearchError) -> Found {
    var found = Found()
    var rest: ClosedRange<Int64>? = span
    let end = time.monotonic().advanced(by: Self.timeLimit)
    while let span = rest {
      if found.position != nil, time.monotonic() >= end { return found }
      var batch = try read(span, ascending: ascending)
      guard let last = batch.rows.last?.id else { break }
      found.rows += reader.matching(&batch)
      found.position = last
      guard found.rows.count <= limit else {
        found.rows.removeLast(found.rows.count - limit)
        found.position = found.rows.last?.id
        return found
      }
      rest = Self.rest(of: span, from: last, ascending)
    }
    found.position = nil
    return found
  }

  private static func rest(
    of span: ClosedRange<Int64>, from id: Int64, _ ascending: Bool
  ) -> ClosedRange<Int64>? {
    if ascending { return id < span.upperBound ? id + 1...span.upperBound : nil }
    return id > span.lowerBound ? span.lowerBound...id - 1 : nil
  }

  /// The next rows of `span`, in the order of the search.
  private func read(
    _ span: ClosedRange<Int64>, ascending: Bool
  ) throws(EvidenceSearchError) -> EvidenceBatch {
    var batch = EvidenceBatch()
    try reader.read { (rows) throws(StoreReadError) in
      batch.removeAll()
      if ascending {
        try rows.append(from: span.lowerBound, limit: Self.chunk, to: &batch)
        batch.rows.removeAll { !span.contains($0.id) }
        return
      }
      for id in try rows.highestIDs(in: span, limit: Self.chunk)
      where batch.bytes.count < Self.byteLimit {
        _ = try rows.append(id: id, to: &batch)
      }
    }
    return batch
  }
}
