import CSQLite
import LinuxSystem
import ReflexiveCore

/// A row to append. SQLite assigns its id.
package struct NewEvidenceRow: Hashable, Sendable {
  package var event: String
  package var payload: String
  /// The value for each of the time columns that the table has.
  package var ts: String

  package init(event: String, payload: String, ts: String) {
    self.event = event
    self.payload = payload
    self.ts = ts
  }
}

/// Appends rows to an evidence database.
package final class EvidenceWriter {
  let database: WritableDatabase
  private let identity: FileIdentity?

  /// Opens an existing database with a table `evidence`.
  ///
  /// - Parameter busyMilliseconds: how long to wait for the lock of another writer.
  package init(path: String, busyMilliseconds: Int32 = 5000) throws(StoreWriteError) {
    database = try WritableDatabase(
      path: path, creates: false, busyMilliseconds: busyMilliseconds)
    identity = try? FileStatus(of: path).identity
    _ = try insertion()
  }

  /// Whether the path still names the open file. Rows in a replaced or deleted file are lost.
  package var isCurrent: Bool {
    identity != nil && (try? FileStatus(of: database.path).identity) == identity
  }

  /// Creates a database with the table `evidence`, or checks that it exists and fits.
  ///
  /// - Parameter wal: whether to create a database in WAL mode. An existing table keeps its mode.
  package static func createStore(
    at path: String, wal: Bool = false
  ) throws(StoreWriteError) {
    let database = try WritableDatabase(path: path, creates: true)
    let names = try EvidenceSchema.columnNames(database)
    guard names.isEmpty else { return try EvidenceSchema.check(names, database) }
    if wal { try database.execute("PRAGMA journal_mode = WAL") }
    try database.execute(EvidenceSchema.createTable)
  }

  /// Appends all rows in one transaction, or none. It waits for other writers.
  ///
  /// - Returns: the id of the last row.
  @discardableResult
  package func append(_ rows: [NewEvidenceRow]) throws(StoreWriteError) -> Int64 {
    try database.execute("BEGIN IMMEDIATE")
    do throws(StoreWriteError) {
      let insertion = try insertion()
      for (index, row) in rows.enumerated() {
        let times = Array(repeating: row.ts, count: insertion.timeColumns)
        do throws(StoreWriteError) {
          try database.run(insertion.sql, [row.event, row.payload] + times)
        } catch {
          throw StoreWriteError(
            error.message, refusedRow: database.isConstraintFailure ? index : nil)
        }
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
    let time = EvidenceSchema.timeColumns(among: names)
    let columns = ["event", "payload"] + time
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    let sql = "INSERT INTO evidence (\(columns.joined(separator: ", "))) VALUES (\(places))"
    return (sql, time.count)
  }
}
