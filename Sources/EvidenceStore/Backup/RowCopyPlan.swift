import CSQLite

/// The parts to copy: the table's definition, its indexes and its columns.
struct RowCopyPlan {
  /// The `CREATE TABLE …` statement of the schema.
  let table: String
  /// The `CREATE INDEX …` statements.
  let indexes: [String]
  let encoding: String
  private let columns: [String]

  /// Reads the schema, in a snapshot.
  init(_ connection: Connection) throws(StoreReadError) {
    func text(_ sql: String) throws(StoreReadError) -> String? {
      try Statement(connection, sql).text()
    }
    try EvidenceDefinition.load(connection)
    let definition = "FROM main.sqlite_schema WHERE name = 'evidence' COLLATE NOCASE"
    guard try text("SELECT type \(definition)") == "table",
      let table = try text("SELECT sql \(definition)")
    else {
      throw connection.schemaError("evidence is not a table, and only a table can be copied")
    }
    self.table = table
    indexes = try Statement(
      connection,
      """
      SELECT sql FROM main.sqlite_schema
      WHERE type = 'index' AND tbl_name = 'evidence' COLLATE NOCASE AND sql IS NOT NULL
      """
    ).texts(at: 0)
    encoding = try text("PRAGMA encoding") ?? "UTF-8"
    // Hidden columns are computed from the others.
    columns = try Statement(
      connection, "SELECT name FROM pragma_table_xinfo('evidence') WHERE hidden = 0"
    ).texts(at: 0)
    guard columns.contains(where: { $0.lowercased() == "id" }) else {
      throw connection.schemaError("table evidence lacks id")
    }
  }

  /// Copies the next rows in order of id, up to `highest`.
  ///
  /// - Returns: the number of copied rows, and the id of the last one.
  func copyRows(
    after last: Int64?, upTo highest: Int64, limit: Int, from connection: Connection,
    to target: WritableDatabase
  ) throws(StoreReadError) -> (count: Int, last: Int64?) {
    let names = columns.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
    let list = names.joined(separator: ", ")
    let read = try connection.prepare(
      """
      SELECT id, \(list) FROM main.evidence
      WHERE id \(last == nil ? ">=" : ">") ?1 AND id <= ?2 ORDER BY id LIMIT \(limit)
      """)
    defer { sqlite3_finalize(read) }
    sqlite3_bind_int64(read, 1, last ?? .min)
    sqlite3_bind_int64(read, 2, highest)
    let marks = names.map { _ in "?" }.joined(separator: ", ")
    var write: OpaquePointer?
    let sql = "INSERT INTO evidence (\(list)) VALUES (\(marks))"
    guard sqlite3_prepare_v2(target.handle, sql, -1, &write, nil) == SQLITE_OK else {
      throw StoreReadError(.schema, target.failure().message)
    }
    defer { sqlite3_finalize(write) }
    var count = 0
    var last: Int64?
    while true {
      let code = sqlite3_step(read) & 0xff
      if code == SQLITE_DONE { break }
      if code == SQLITE_INTERRUPT {
        // The rows read so far are valid.
        if count > 0 { break }
        throw connection.interruption
      }
      guard code == SQLITE_ROW else { throw connection.failure() }
      last = sqlite3_column_int64(read, 0)
      for index in names.indices {
        sqlite3_bind_value(write, Int32(index + 1), sqlite3_column_value(read, Int32(index + 1)))
      }
      guard sqlite3_step(write) == SQLITE_DONE else {
        throw StoreReadError(.io, target.failure().message)
      }
      sqlite3_reset(write)
      count += 1
    }
    return (count, last)
  }
}
