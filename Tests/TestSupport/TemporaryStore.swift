import CSQLite
import Foundation

/// A real evidence database in a directory of its own, with a writer's connection to it.
///
/// The writer waits for no lock, so a test fails if something keeps it waiting. The directory is
/// removed with this object.
package final class TemporaryStore {
  /// The time columns that databases in the field have.
  package enum TimeColumns: String, CaseIterable, Sendable {
    case ts = "ts"
    case timestamp = "timestamp"
    case both = "ts,timestamp"
    case none = "none"

    package var names: [String] {
      switch self {
      case .ts: ["ts"]
      case .timestamp: ["timestamp"]
      case .both: ["ts", "timestamp"]
      case .none: []
      }
    }
  }

  /// SQLite's error for a statement that failed.
  package struct SQLError: Error, Equatable, CustomStringConvertible {
    package var code: Int32
    package var description: String
  }

  package static let timestamp = "2025-11-25T08:00:00"

  package let directory: String
  /// The path of the database file.
  package let path: String
  package let timeColumns: TimeColumns
  private var writer: OpaquePointer?

  /// - Parameter journal: a journal mode as SQLite names it.
  package init(
    name: String = "evidence.db", timeColumns: TimeColumns = .ts, autoincrement: Bool = true,
    journal: String = "delete", encoding: String = "UTF-8"
  ) throws {
    let temporary = FileManager.default.temporaryDirectory.path
    directory = temporary + "/TemporaryStore." + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    path = directory + "/" + name
    self.timeColumns = timeColumns
    try execute("PRAGMA encoding = '\(encoding)'; PRAGMA journal_mode = \(journal)")
    try createTable(autoincrement: autoincrement)
  }

  deinit {
    close()
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Creates `evidence` with this store's time columns.
  package func createTable(autoincrement: Bool = true) throws {
    let time = timeColumns.names.map { ", \($0) TEXT" }.joined()
    try execute(
      """
      CREATE TABLE evidence (id INTEGER PRIMARY KEY\(autoincrement ? " AUTOINCREMENT" : ""),
        event TEXT, payload TEXT\(time))
      """)
  }

  /// Runs statements on the writer's connection, and opens it if it is closed.
  package func execute(_ sql: String) throws {
    if writer == nil { try open() }
    guard sqlite3_exec(writer, sql, nil, nil, nil) == SQLITE_OK else { throw error() }
  }

  /// Appends rows in one transaction. SQLite assigns the ids, and each payload has the number of
  /// its row in this call.
  package func append(_ count: Int, event: String = "note", agent: String = "agent") throws {
    let columns = (["event", "payload"] + timeColumns.names).joined(separator: ", ")
    let times = timeColumns.names.map { _ in ", '\(Self.timestamp)'" }.joined()
    try execute(
      """
      INSERT INTO evidence (\(columns))
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
      SELECT '\(event)', '{"agent": "\(agent)", "n": ' || i || '}'\(times) FROM n
      """)
  }

  /// Appends a row with this id.
  package func append(id: Int64, event: String = "note", payload: String = "{}") throws {
    try execute(
      "INSERT INTO evidence (id, event, payload) VALUES (\(id), '\(event)', '\(payload)')")
  }

  /// The first value of the first row, as text; `nil` without a row.
  package func value(_ sql: String) throws -> String? {
    if writer == nil { try open() }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(writer, sql, -1, &statement, nil) == SQLITE_OK else { throw error() }
    defer { sqlite3_finalize(statement) }
    guard sqlite3_step(statement) == SQLITE_ROW else { return nil }
    return sqlite3_column_text(statement, 0).map { String(cString: $0) }
  }

  /// Closes the writer's connection.
  package func close() {
    sqlite3_close(writer)
    writer = nil
  }

  /// Names of the files in the directory, sorted.
  package var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }
  }

  /// The most memory that SQLite had allocated at once while `body` ran, in bytes of the whole
  /// process.
  package static func memoryPeak(during body: () throws -> Void) rethrows -> Int64 {
    _ = sqlite3_memory_highwater(1)
    try body()
    return sqlite3_memory_highwater(0)
  }

  private func open() throws {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    guard sqlite3_open_v2(path, &writer, flags, nil) == SQLITE_OK else { throw error() }
  }

  private func error() -> SQLError {
    SQLError(
      code: sqlite3_extended_errcode(writer), description: String(cString: sqlite3_errmsg(writer)))
  }
}
