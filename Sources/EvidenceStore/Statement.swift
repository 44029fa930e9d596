import CSQLite
import ReflexiveCore

/// A prepared statement, with the connection that it keeps open.
final class Statement {
  enum Step {
    case row
    case done
    /// A text or blob of this row is over the length limit of the connection.
    case tooLarge
    /// It ran past the connection's deadline.
    case interrupted
  }

  let connection: Connection
  private let handle: OpaquePointer

  init(_ connection: Connection, _ sql: String) throws(StoreReadError) {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v2(connection.handle, sql, -1, &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw connection.failure() }
    self.connection = connection
    handle = prepared
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// Starts anew with these values for `?1`, `?2`.
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

  /// Ends it, and with it what it holds of the database.
  func reset() {
    sqlite3_reset(handle)
  }

  /// Runs it to its first row and returns the integer there: `nil` without a row or for NULL.
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

  /// Runs it to its first row and returns the text there.
  func text() throws(StoreReadError) -> String? {
    defer { reset() }
    guard case .row = try step(), let text = sqlite3_column_text(handle, 0) else { return nil }
    return String(cString: text)
  }

  var columnNames: [String] {
    (0..<sqlite3_column_count(handle)).map { index in
      sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
    }
  }

  /// The integer at `index` of the row, or `nil` if something else is there.
  func id(at index: Int32) -> Int64? {
    sqlite3_column_type(handle, index) == SQLITE_INTEGER
      ? sqlite3_column_int64(handle, index) : nil
  }

  /// Copies a value of the row into `batch`, unless it is longer than `limit` bytes (of UTF-8).
  func column(
    at index: Int32, limit: Int, into batch: inout RowBatch
  ) throws(StoreReadError) -> Column {
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
    case SQLITE_TEXT:
      let start = sqlite3_column_text(handle, index).map { UnsafeRawPointer($0) }
      return try copy(start, index, limit, into: &batch).map(Column.text) ?? .tooLarge
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(handle, index)
      return try copy(start, index, limit, into: &batch).map(Column.blob) ?? .tooLarge
    default: return .null
    }
  }

  /// - Parameter start: from `sqlite3_column_text` or `sqlite3_column_blob`, called just before, so
  ///   that `sqlite3_column_bytes` counts the bytes in that form.
  private func copy(
    _ start: UnsafeRawPointer?, _ index: Int32, _ limit: Int, into batch: inout RowBatch
  ) throws(StoreReadError) -> ByteRange? {
    let count = Int(sqlite3_column_bytes(handle, index))
    if start == nil, sqlite3_errcode(connection.handle) == SQLITE_NOMEM {
      throw connection.failure()
    }
    guard count <= limit else { return nil }
    return batch.append(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
