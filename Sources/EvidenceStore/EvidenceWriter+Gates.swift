import CSQLite
package import ReflexiveCore

extension EvidenceWriter {
  /// Few enough that a lock is held for only a few milliseconds.
  private static let rowsPerRead = 1000

  /// The threshold of the newest evaluation of `gate` that has one and no rejection.
  ///
  /// It searches back from the newest row, so its time grows with how long the gate has been idle.
  package func latestThreshold(
    ofGate gate: String, now: UnixTime
  ) throws(StoreWriteError) -> Double? {
    let columns = Set(try EvidenceSchema.columnNames(database).map { $0.lowercased() })
    let times = EvidenceSchema.timeColumns.map { columns.contains($0) ? $0 : "NULL" }
    let sql = """
      SELECT id, event, payload, \(times.joined(separator: ", ")) FROM evidence
      WHERE id <= ?1 ORDER BY id DESC LIMIT \(Self.rowsPerRead)
      """
    let name = Array(gate.utf8)
    var highest = Int64.max
    var batch = EvidenceBatch()
    while true {
      batch.removeAll()
      try database.read(sql, highest, into: &batch)
      EvidenceDecoder(scoreScale: 1).decode(&batch, now: now)
      for row in batch.evidence where row.kind == .evaluation && row.rejection == nil {
        guard case .bytes(let range) = row.gate, let threshold = row.threshold,
          batch.bytes[range.offset..<range.offset + range.count].elementsEqual(name)
        else { continue }
        return threshold
      }
      guard let last = batch.rows.last?.id, last > .min else { return nil }
      highest = last - 1
    }
  }
}

extension WritableDatabase {
  /// Appends the rows of a statement, each with an id, an event, a payload and two times.
  fileprivate func read(
    _ sql: String, _ parameter: Int64, into batch: inout EvidenceBatch
  ) throws(StoreWriteError) {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    sqlite3_bind_int64(statement, 1, parameter)
    var code = sqlite3_step(statement)
    while code == SQLITE_ROW {
      let columns = (1..<5).map { Self.column(statement, $0, into: &batch) }
      batch.rows.append(
        EvidenceRow(
          id: sqlite3_column_int64(statement, 0), event: columns[0], payload: columns[1],
          ts: columns[2], timestamp: columns[3]))
      code = sqlite3_step(statement)
    }
    guard code == SQLITE_DONE else { throw failure() }
  }

  private static func column(
    _ statement: OpaquePointer?, _ index: Int32, into batch: inout EvidenceBatch
  ) -> SQLiteValue {
    func bytes(_ start: UnsafeRawPointer?) -> ByteRange {
      let count = Int(sqlite3_column_bytes(statement, index))
      return batch.append(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
    return switch sqlite3_column_type(statement, index) {
    case SQLITE_TEXT:
      .text(bytes(sqlite3_column_text(statement, index).map { UnsafeRawPointer($0) }))
    case SQLITE_BLOB: .blob(bytes(sqlite3_column_blob(statement, index)))
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, index))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, index))
    default: .null
    }
  }
}
