package import ConfigurationFiles
package import EvidenceStore
import ReadingOrder
import ReflexiveCore

/// Reads single rows of a table, by a connection of its own that ends with it: for pages. Not
/// thread-safe: one caller at a time.
package final class PostgresReader: RowSource {
  private let address: PostgresAddress
  private let payloadLimit: Int
  private var session: PostgresSession?

  /// Opens nothing.
  package init(_ address: PostgresAddress, payloadLimit: Int) {
    self.address = address
    self.payloadLimit = payloadLimit
  }

  package func read<Result>(
    patience _: Duration, _ body: (any StoredRows) throws(StoreReadError) -> Result
  ) throws(StoreReadError) -> Result {
    let session = try open()
    do throws(StoreReadError) {
      return try body(TableRows(session))
    } catch {
      self.session = nil
      throw error
    }
  }
}

extension PostgresReader {
  private func open() throws(StoreReadError) -> PostgresSession {
    if let session { return session }
    let opened = try PostgresSession(address, payloadLimit: payloadLimit)
    session = opened
    return opened
  }
}

/// The rows of a table. Each question is a statement of its own: rows never change.
private final class TableRows: StoredRows {
  private static let byteLimit = 4 << 20

  private let session: PostgresSession
  /// Rows that were read with their ids, for those who ask for them next.
  private var known = EvidenceBatch()
  private var places: [Int64: Int] = [:]

  init(_ session: PostgresSession) { self.session = session }

  func append(id: Int64, to batch: inout EvidenceBatch) throws(StoreReadError) -> Bool {
    if let place = places[id] {
      batch.append(known, from: place, count: 1)
      return true
    }
    let count = batch.rows.count
    try session.append(session.query.rows(), [.int8s([id]), .int8(1)], to: &batch)
    return batch.rows.count > count
  }

  func append(
    from first: Int64, limit: Int, to batch: inout EvidenceBatch
  ) throws(StoreReadError) {
    try session.append(
      session.query.rowsAbove, [.int8(first), .int8(Int64(limit))], to: &batch)
  }

  func ends() throws(StoreReadError) -> ClosedRange<Int64>? {
    var ends: ClosedRange<Int64>?
    try ask("SELECT min(id)::pg_catalog.int8, max(id)::pg_catalog.int8 FROM \(table)") { row in
      if let low = row.int64(0), let high = row.int64(1) { ends = low...high }
    }
    return ends
  }

  func ids(in span: ClosedRange<Int64>) throws(StoreReadError) -> [Int64] {
    var ids: [Int64] = []
    try ask(
      """
      SELECT t.id::pg_catalog.int8 FROM \(table) t WHERE t.id >= $1 AND t.id <= $2 ORDER BY t.id
      """, [.int8(span.lowerBound), .int8(span.upperBound)]
    ) { row in
      if let id = row.int64(0) { ids.append(id) }
    }
    return ids
  }

  func highestIDs(
    in span: ClosedRange<Int64>, limit: Int
  ) throws(StoreReadError) -> [Int64] {
    known.removeAll()
    places = [:]
    try session.connection.send(
      session.query.highestRows,
      [.int8(span.lowerBound), .int8(span.upperBound), .int8(Int64(limit))])
    while let row = try session.connection.nextRow() {
      guard known.bytes.count < Self.byteLimit else { continue }
      session.query.append(row, to: &known)
    }
    for (place, row) in known.rows.enumerated() { places[row.id] = place }
    return known.rows.map(\.id)
  }

  func count(
    after id: Int64, through last: Int64, limit: Int
  ) throws(StoreReadError) -> (count: Int, last: Int64?) {
    var result: (count: Int, last: Int64?) = (0, nil)
    try ask(
      """
      SELECT count(*), max(id)::pg_catalog.int8 FROM (SELECT t.id FROM \(table) t
        WHERE t.id > $1 AND t.id <= $2 ORDER BY t.id LIMIT $3) r
      """, [.int8(id), .int8(last), .int8(Int64(limit))]
    ) { row in
      result = (row.int64(0).map { Int($0) } ?? 0, row.int64(1))
    }
    return result
  }

  func storedPayload(id: Int64) throws(StoreReadError) -> [UInt8]? {
    var payload: [UInt8]?
    try ask("SELECT payload::pg_catalog.text FROM \(table) WHERE id = $1", [.int8(id)]) { row in
      if !row.isNull(0) { payload = Array(row.bytes(0)) }
    }
    return payload
  }

  private var table: String { session.query.table }

  private func ask(
    _ statement: String, _ parameters: [PostgresConnection.Parameter] = [],
    _ each: (borrowing PostgresRow) -> Void
  ) throws(StoreReadError) {
    try session.connection.run(statement, parameters, each: each)
  }
}
