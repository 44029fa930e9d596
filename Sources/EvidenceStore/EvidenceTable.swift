import CSQLite
import ReflexiveCore

/// The table or view `evidence` of a database: its columns, and the statements that read it.
///
/// Its methods have to be called inside a snapshot.
final class EvidenceTable {
  /// A number that every change of the schema changes. Source: "PRAGMA schema_version", SQLite.
  let schemaVersion: Int64
  let timeColumn: StoreInfo.TimeColumn
  let journalMode: String

  /// The longest text or blob that is read, in bytes of UTF-8.
  let valueLimit: Int
  let connection: Connection
  private let highest: Statement
  private let sequence: Statement?
  private let row: Statement
  private let firstRows: Statement
  private let nextRows: Statement
  private let isUTF8: Bool

  init(_ connection: Connection, valueLimit: Int) throws(StoreReadError) {
    self.connection = connection
    self.valueLimit = valueLimit
    try EvidenceDefinition.load(connection)
    schemaVersion = try Statement(connection, "PRAGMA schema_version").integer() ?? 0
    journalMode = try Statement(connection, "PRAGMA journal_mode").text() ?? "unknown"
    isUTF8 = try Statement(connection, "PRAGMA encoding").text() == "UTF-8"
    timeColumn = try Self.timeColumn(connection)
    let rows = "SELECT \(Self.columns(timeColumn)) FROM main.evidence"
    highest = try Statement(connection, "SELECT id FROM main.evidence ORDER BY id DESC LIMIT 1")
    sequence = try Self.sequence(connection)
    row = try Statement(connection, rows + " WHERE id = ?1 LIMIT 1")
    firstRows = try Statement(connection, rows + " WHERE id >= ?1 ORDER BY id LIMIT ?2")
    nextRows = try Statement(connection, rows + " WHERE id > ?1 ORDER BY id LIMIT ?2")
    try connection.limitCache()
  }

  /// The highest id; `nil` if there is no row.
  func highestID() throws(StoreReadError) -> Int64? {
    defer { highest.reset() }
    switch try highest.step() {
    case .row: return try id(highest)
    case .done: return nil
    case .tooLarge, .interrupted: throw connection.interruption
    }
  }

  /// The highest id that the table ever had; `nil` unless it has AUTOINCREMENT and had a row.
  /// Source: "SQLite Autoincrement", section 3.
  func highestIDEver() throws(StoreReadError) -> Int64? {
    try sequence?.integer()
  }

  /// Reads the row with this id. Its bytes go into `batch`.
  func row(id: Int64, into batch: inout EvidenceBatch) throws(StoreReadError) -> EvidenceRow? {
    try withValueLimit { () throws(StoreReadError) in
      row.bind(id)
      defer { row.reset() }
      switch try row.step() {
      case .row: return try current(row, into: &batch)
      case .done: return nil
      case .tooLarge: return try rowByColumns(id: id, into: &batch)
      case .interrupted: throw connection.interruption
      }
    }
  }

  /// Appends at most `limit` rows above `tail`, in order of id, or the first rows if `tail` is
  /// `nil`.
  ///
  /// It stops after 4 MiB or 50 ms, so that the snapshot stays short with large rows or a slow
  /// disk. It reads at least one row.
  ///
  /// - Returns: whether these are the last rows.
  @discardableResult
  func rows(
    after tail: Int64?, limit: Int, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> Bool {
    try withValueLimit { () throws(StoreReadError) in
      var tail = tail
      let deadline = Deadline(milliseconds: 50)
      let deadlineOfLargeRows = Deadline(milliseconds: 25)
      while true {
        switch try rowsUntilTooLarge(after: tail, limit, deadline, into: &batch) {
        case .end: return true
        case .limit: return false
        case .tooLarge(let id):
          batch.rows.append(try rowByColumns(id: id, into: &batch))
          // Skipping one such value takes as long as reading thousands of usual rows.
          if deadlineOfLargeRows.hasPassed { return false }
          tail = id
        }
      }
    }
  }

  /// The reason why no more rows were read.
  private enum Stop {
    case end
    case limit
    /// The row with this id has to be read column by column.
    case tooLarge(Int64)
  }

  private static let byteLimit = 4 << 20
  /// The number of rows between two readings of the clock, each of which takes a twentieth of a
  /// row.
  private static let rowsPerClockReading = 16

  private func rowsUntilTooLarge(
    after tail: Int64?, _ limit: Int, _ deadline: Deadline, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> Stop {
    let statement = tail == nil ? firstRows : nextRows
    statement.bind(tail ?? .min, Int64(limit - batch.rows.count))
    defer { statement.reset() }
    while batch.rows.isEmpty
      || (batch.rows.count < limit && batch.bytes.count < Self.byteLimit
        && (batch.rows.count % Self.rowsPerClockReading != 0 || !deadline.hasPassed))
    {
      switch try statement.step() {
      case .row: batch.rows.append(try current(statement, into: &batch))
      case .done: return .end
      case .tooLarge:
        return try nextID(after: batch.rows.last?.id ?? tail).map { .tooLarge($0) } ?? .end
      case .interrupted:
        guard !batch.rows.isEmpty else { throw connection.interruption }
        return .limit
      }
    }
    return .limit
  }

  private func current(
    _ statement: Statement, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> EvidenceRow {
    EvidenceRow(
      id: try id(statement),
      event: try statement.column(at: 1, limit: valueLimit, into: &batch),
      payload: try statement.column(at: 2, limit: valueLimit, into: &batch),
      ts: timeColumn.hasTS
        ? try statement.column(at: 3, limit: valueLimit, into: &batch) : .null,
      timestamp: timeColumn.hasTimestamp
        ? try statement.column(at: 4, limit: valueLimit, into: &batch) : .null)
  }

  private func id(_ statement: Statement) throws(StoreReadError) -> Int64 {
    guard let id = statement.id(at: 0) else {
      throw connection.schemaError("table evidence has an id that is not an integer")
    }
    return id
  }
}

// MARK: - Values over the limit

extension EvidenceTable {
  /// Makes SQLite refuse longer values instead of loading them.
  ///
  /// UTF-16 takes at most twice the bytes of the same text in UTF-8.
  private func withValueLimit<Result>(
    _ body: () throws(StoreReadError) -> Result
  ) throws(StoreReadError) -> Result {
    let limit = Int32(clamping: isUTF8 ? valueLimit : 2 * valueLimit)
    let usual = sqlite3_limit(connection.handle, SQLITE_LIMIT_LENGTH, limit)
    defer { sqlite3_limit(connection.handle, SQLITE_LIMIT_LENGTH, usual) }
    return try body()
  }

  private func nextID(after tail: Int64?) throws(StoreReadError) -> Int64? {
    let statement = try Statement(
      connection,
      "SELECT id FROM main.evidence WHERE id \(tail == nil ? ">=" : ">") ?1 ORDER BY id LIMIT 1")
    statement.bind(tail ?? .min)
    return try statement.integer()
  }

  private func rowByColumns(
    id: Int64, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> EvidenceRow {
    EvidenceRow(
      id: id,
      event: try column("event", id, into: &batch),
      payload: try column("payload", id, into: &batch),
      ts: timeColumn.hasTS ? try column("ts", id, into: &batch) : .null,
      timestamp: timeColumn.hasTimestamp ? try column("timestamp", id, into: &batch) : .null)
  }

  private func column(
    _ name: String, _ id: Int64, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> SQLiteValue {
    let statement = try Statement(
      connection, "SELECT \(name) FROM main.evidence WHERE id = ?1 LIMIT 1")
    statement.bind(id)
    switch try statement.step() {
    case .row: return try statement.column(at: 0, limit: valueLimit, into: &batch)
    case .done: return .null
    case .tooLarge: return .tooLarge
    case .interrupted: throw connection.interruption
    }
  }
}

// MARK: - The schema

extension EvidenceTable {
  /// The columns in use, in lower case. SQLite ignores the case of column names.
  static let usedColumns: Set = ["id", "event", "payload", "ts", "timestamp"]

  private static func columns(_ time: StoreInfo.TimeColumn) -> String {
    "id, event, payload, \(time.hasTS ? "ts" : "NULL"), \(time.hasTimestamp ? "timestamp" : "NULL")"
  }

  private static func timeColumn(
    _ connection: Connection
  ) throws(StoreReadError) -> StoreInfo.TimeColumn {
    let names = try EvidenceDefinition.columns(connection)
    let known = Set(names.map { $0.lowercased() })
    let missing = ["id", "event", "payload"].filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw connection.schemaError(
        "table evidence lacks \(missing.joined(separator: ", ")); it has \(list(names))")
    }
    return StoreInfo.TimeColumn(
      hasTS: known.contains("ts"), hasTimestamp: known.contains("timestamp"))
  }

  /// The first names, enough to recognise the table.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(20).map { String($0.unicodeScalars.prefix(60)) }
      .joined(separator: ", ")
    return names.count > 20 ? shown + ", …" : shown
  }

  private static func sequence(_ connection: Connection) throws(StoreReadError) -> Statement? {
    let exists = try Statement(
      connection, "SELECT count(*) FROM main.sqlite_master WHERE name = 'sqlite_sequence'")
    guard try exists.integer() != 0 else { return nil }
    // SQLite creates this table. If something else created it, it says nothing about ids.
    return try? Statement(
      connection,
      "SELECT seq FROM main.sqlite_sequence WHERE name = 'evidence' COLLATE NOCASE")
  }
}
