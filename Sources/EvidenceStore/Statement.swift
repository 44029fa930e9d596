import CSQLite
import ReflexiveCore

/// A prepared statement. It keeps its connection open.
final class Statement {
  enum Step {
    case row
    case done
    /// A text or blob of this row is over the length limit of the connection.
    case tooLarge
    /// The snapshot has used up its processor time.
    case interrupted
  }

  let connection: Connection
  private let handle: OpaquePointer

  init(_ connection: Connection, _ sql: String) throws(StoreReadError) {
    self.connection = connection
    handle = try connection.prepare(sql)
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// Resets the statement and binds values to `?1` and `?2`.
  func bind(_ first: Int64, _ second: Int64? = nil) {
    reset()
    sqlite3_bind_int64(handle, 1, first)
    if let second { sqlite3_bind_int64(handle, 2, second) }
  }

  func step() throws(StoreReadError) -> Step {
    switch sqlite3_step(handle) & 0xff {
    case SQLITE_ROW: return .row
    case SQLITE_DONE: return .done
    case SQLITE_TOOBIG: return .tooLarge
    case SQLITE_INTERRUPT: return .interrupted
    default: throw connection.failure()
    }
  }

  /// Ends the statement and its hold on the database.
  func reset() {
    sqlite3_reset(handle)
  }

  /// Steps to the first row and returns its integer: `nil` without a row or for NULL.
  func integer() throws(StoreReadError) -> Int64? {
    defer { reset() }
    switch try step() {
    case .row:
      return sqlite3_column_type(handle, 0) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, 0)
    case .done: return nil
    case .interrupted: throw connection.interruption
    case .tooLarge: throw connection.failure()
    }
  }

  /// Steps to the first row and returns its text.
  func text() throws(StoreReadError) -> String? {
    defer { reset() }
    guard case .row = try step(), let text = sqlite3_column_text(handle, 0) else { return nil }
    return String(cString: text)
  }

  /// Steps to the end and returns the texts at `index` of all rows.
  func texts(at index: Int32) throws(StoreReadError) -> [String] {
    defer { reset() }
    var texts: [String] = []
    while true {
      switch try step() {
      case .row:
        texts.append(sqlite3_column_text(handle, index).map { String(cString: $0) } ?? "")
      case .done: return texts
      case .interrupted: throw connection.interruption
      case .tooLarge: throw connection.failure()
      }
    }
  }

  /// The integer at `index` of the row; `nil` if something else is there.
  func id(at index: Int32) -> Int64? {
    sqlite3_column_type(handle, index) == SQLITE_INTEGER
      ? sqlite3_column_int64(handle, index) : nil
  }

  /// Copies a value of the row into `batch`, unless it is longer than `limit` bytes of UTF-8.
  ///
  /// It gets the value once and passes it to the `sqlite3_value_` functions, because each
  /// `sqlite3_column_` function looks it up again. That is safe because only one thread at a time
  /// uses the connection.
  /// Source: "Protected and unprotected sqlite3_value objects", SQLite.
  func column(
    at index: Int32, limit: Int, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> SQLiteValue {
    let value = sqlite3_column_value(handle, index)
    switch sqlite3_value_type(value) {
    case SQLITE_TEXT:
      let start = sqlite3_value_text(value).map { UnsafeRawPointer($0) }
      guard let bytes = try bytes(start, value, limit) else { return .tooLarge }
      return .text(batch.append(bytes))
    case SQLITE_INTEGER: return .integer(sqlite3_value_int64(value))
    case SQLITE_FLOAT: return .real(sqlite3_value_double(value))
    case SQLITE_BLOB:
      guard let bytes = try bytes(sqlite3_value_blob(value), value, limit) else { return .tooLarge }
      return .blob(batch.append(bytes))
    default: return .null
    }
  }

  /// - Parameter start: the result of `sqlite3_value_text` or `sqlite3_value_blob`, called just
  ///   before: `sqlite3_value_bytes` then counts the bytes in that form.
  private func bytes(
    _ start: UnsafeRawPointer?, _ value: OpaquePointer?, _ limit: Int
  ) throws(StoreReadError) -> UnsafeRawBufferPointer? {
    let count = Int(sqlite3_value_bytes(value))
    if start == nil, sqlite3_errcode(connection.handle) == SQLITE_NOMEM {
      throw connection.failure()
    }
    guard count <= limit else { return nil }
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
  }
}
