import CSQLite

/// A row to append. SQLite assigns its id.
package struct NewEvidenceRow: Hashable, Sendable {
  package var event: String
  package var payload: String
  /// For each of the time columns that the table has.
  package var ts: String

  package init(event: String, payload: String, ts: String) {
    self.event = event
    self.payload = payload
    self.ts = ts
  }
}

/// Appends rows to an evidence database.
package final class EvidenceWriter {
  private let database: WritableDatabase

  /// Opens an existing database with a table `evidence`.
  package init(path: String) throws(StoreWriteError) {
    database = try WritableDatabase(path: path, creates: false)
    _ = try insertion()
  }

  /// Creates a database with the table `evidence`, or checks that it exists and fits.
  ///
  /// - Parameter wal: creates a database in WAL mode. An existing table keeps its mode.
  package static func createStore(
    at path: String, wal: Bool = false
  ) throws(StoreWriteError) {
    let database = try WritableDatabase(path: path, creates: true)
    let names = try EvidenceSchema.columnNames(database)
    guard names.isEmpty else { return try EvidenceSchema.check(names, database) }
    if wal { try database.execute("PRAGMA journal_mode = WAL") }
    try database.execute(EvidenceSchema.createTable)
  }

  /// Appends all rows in one transaction, or none. It waits 5 s for other writers.
  ///
  /// - Returns: the id of the last row.
  @discardableResult
  package func append(_ rows: [NewEvidenceRow]) throws(StoreWriteError) -> Int64 {
    try database.execute("BEGIN IMMEDIATE")
    do {
      let insertion = try insertion()
      for row in rows {
        try database.run(
          insertion.sql,
          [row.event, row.payload] + Array(repeating: row.ts, count: insertion.timeColumns))
      }
      try database.execute("COMMIT")
      return database.lastID
    } catch {
      try? database.execute("ROLLBACK")
      throw error
    }
  }

  /// The statement for the columns that the table has now.
  private func insertion() throws(StoreWriteError) -> (sql: String, timeColumns: Int) {
    let names = try EvidenceSchema.columnNames(database)
    guard !names.isEmpty else {
      throw StoreWriteError("\(database.path): there is no table evidence; create it with `init`")
    }
    let known = Set(names.map { $0.lowercased() })
    let time = ["ts", "timestamp"].filter(known.contains)
    let columns = ["event", "payload"] + time
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    let sql = "INSERT INTO evidence (\(columns.joined(separator: ", "))) VALUES (\(places))"
    return (sql, time.count)
  }
}
