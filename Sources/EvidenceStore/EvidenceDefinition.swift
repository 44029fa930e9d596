import CSQLite
import ReflexiveCore

/// Loads the schema of a database so that only a problem with `evidence` makes it unreadable.
///
/// SQLite parses every view, index and trigger of a file before it compiles the first statement. If
/// it cannot parse one of them (syntax of a newer SQLite, say), it reports that the whole file is
/// corrupt.
enum EvidenceDefinition {
  /// - Throws: `corrupt` if pages of the schema are damaged, `schema` if it is too large.
  static func load(_ connection: Connection) throws(StoreReadError) {
    do throws(StoreReadError) {
      try loadWhole(connection)
      if !connection.skipsUnreadableObjects { return }
    } catch {
      guard error.kind == .corrupt else { throw error }
      connection.skipUnreadableObjects()
      try loadWhole(connection)
    }
    // An interrupted load leaves objects out without an error.
    if connection.isOverBudget { throw connection.slowSchema }
  }

  /// The columns of `evidence`.
  ///
  /// - Throws: `schema` if there is no `evidence`, or SQLite cannot parse it.
  static func columns(_ connection: Connection) throws(StoreReadError) -> [String] {
    try ViewExpansion.check(connection)
    // `SELECT *` would compile the columns that are not read, too.
    let statement = try Statement(connection, "PRAGMA main.table_xinfo(evidence)")
    let names = try statement.texts(at: 1)
    guard !names.isEmpty else { throw try absence(connection) }
    // A generated column that SQLite does not understand is loaded as NULL without an error.
    if connection.skipsUnreadableObjects {
      let isGenerated = try statement.texts(at: 6).map { $0 == "2" || $0 == "3" }
      let isUsed = zip(names, isGenerated).contains { name, isGenerated in
        isGenerated && EvidenceTable.usedColumns.contains(name.lowercased())
      }
      if isUsed { try check(connection) }
    }
    return names
  }

  /// The reason why `evidence` has no columns.
  private static func absence(_ connection: Connection) throws(StoreReadError) -> StoreReadError {
    guard try sql(connection) != nil else {
      return connection.schemaError("there is no table evidence")
    }
    try check(connection)
    return StoreReadError(
      .corrupt, "\(connection.path): the entry of evidence in sqlite_schema points to no table")
  }

  /// Runs a statement that needs the schema. SQLite then loads it, if it is not loaded or has
  /// changed.
  private static func loadWhole(_ connection: Connection) throws(StoreReadError) {
    _ = try Statement(connection, "SELECT 1 FROM main.sqlite_schema LIMIT 1").integer()
  }

  /// Throws if SQLite cannot parse the definition of `evidence`.
  private static func check(_ connection: Connection) throws(StoreReadError) {
    guard let sql = try sql(connection) else { return }
    if let problem = try parseError(sql) {
      throw connection.schemaError(
        "SQLite \(SQLiteLibrary.version) cannot read the definition of evidence: \(problem)")
    }
  }

  private static func sql(_ connection: Connection) throws(StoreReadError) -> String? {
    try Statement(
      connection,
      """
      SELECT sql FROM main.sqlite_schema
      WHERE type IN ('table', 'view') AND name = 'evidence' COLLATE NOCASE
      """
    ).text()
  }

  /// SQLite's error for this definition, compiled in an empty database; `nil` if there is none.
  private static func parseError(_ sql: String) throws(StoreReadError) -> String? {
    let scratch = try Connection(path: ":memory:")
    do throws(StoreReadError) {
      sqlite3_finalize(try scratch.prepare(sql))
      return nil
    } catch {
      return scratch.lastMessage
    }
  }
}
