import ReflexiveCore

/// Looks up rows by id in any order, for pages. The tail reads them one after the other.
extension EvidenceTable {
  /// The lowest and the highest id; `nil` for an empty table.
  func ends() throws(StoreReadError) -> ClosedRange<Int64>? {
    let lowest = try Statement(connection, "SELECT id FROM main.evidence ORDER BY id LIMIT 1")
    guard let low = try lowest.integer(), let high = try highestID() else { return nil }
    return min(low, high)...max(low, high)
  }

  /// The ids in `span`, ascending.
  func ids(in span: ClosedRange<Int64>) throws(StoreReadError) -> [Int64] {
    let statement = try Statement(
      connection, "SELECT id FROM main.evidence WHERE id BETWEEN ?1 AND ?2 ORDER BY id")
    statement.bind(span.lowerBound, span.upperBound)
    return try ids(statement)
  }

  /// The highest ids in `span`, descending.
  func highestIDs(
    in span: ClosedRange<Int64>, limit: Int
  ) throws(StoreReadError) -> [Int64] {
    let statement = try Statement(
      connection,
      "SELECT id FROM main.evidence WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT \(limit)")
    statement.bind(span.lowerBound, span.upperBound)
    return try ids(statement)
  }

  /// The number of rows that follow `id`, up to `last` and at most `limit`, and the last of them.
  func count(
    after id: Int64, through last: Int64, limit: Int
  ) throws(StoreReadError) -> (count: Int, last: Int64?) {
    let statement = try Statement(
      connection,
      """
      SELECT count(*), max(id) FROM (
        SELECT id FROM main.evidence WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT \(limit))
      """)
    statement.bind(id, last)
    defer { statement.reset() }
    guard case .row = try statement.step() else { throw connection.interruption }
    return (Int(statement.id(at: 0) ?? 0), statement.id(at: 1))
  }

  /// The payload as text or bytes, whatever its length; `nil` for NULL and for a missing row.
  func storedPayload(id: Int64) throws(StoreReadError) -> [UInt8]? {
    let statement = try Statement(
      connection,
      """
      SELECT CASE typeof(payload) WHEN 'blob' THEN payload ELSE CAST(payload AS TEXT) END
      FROM main.evidence WHERE id = ?1 LIMIT 1
      """)
    statement.bind(id)
    defer { statement.reset() }
    guard case .row = try statement.step() else { return nil }
    var batch = EvidenceBatch()
    switch try statement.column(at: 0, limit: .max, into: &batch) {
    case .text(let range), .blob(let range):
      return Array(batch.bytes[range.offset..<range.offset + range.count])
    default: return nil
    }
  }

  private func ids(_ statement: Statement) throws(StoreReadError) -> [Int64] {
    defer { statement.reset() }
    var ids: [Int64] = []
    while true {
      switch try statement.step() {
      case .row:
        guard let id = statement.id(at: 0) else {
          throw connection.schemaError("table evidence has an id that is no integer")
        }
        ids.append(id)
      case .done: return ids
      case .tooLarge, .interrupted: throw connection.interruption
      }
    }
  }
}
