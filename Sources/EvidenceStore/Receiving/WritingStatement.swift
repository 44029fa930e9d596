import CSQLite
import ReflexiveCore

/// A prepared statement that writes, and that can run again and again.
final class WritingStatement {
  private let database: WritableDatabase
  private let handle: OpaquePointer?

  init(_ database: WritableDatabase, _ sql: String) throws(ReceiveError) {
    self.database = database
    do throws(StoreWriteError) { handle = try database.prepare(sql) } catch {
      throw ReceiveError(database)
    }
  }

  deinit { sqlite3_finalize(handle) }

  func bind(_ index: Int32, _ number: Int64?) {
    if let number {
      sqlite3_bind_int64(handle, index, number)
    } else {
      sqlite3_bind_null(handle, index)
    }
  }

  /// - Parameter bytes: must not change until the statement has run.
  func bind(_ index: Int32, text bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return bindEmptyText(index) }
    sqlite3_bind_text64(
      handle, index, start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), nil,
      UInt8(SQLITE_UTF8))
  }

  /// Binds a copy of `text`.
  func bind(_ index: Int32, copying text: String?) {
    guard var text else {
      sqlite3_bind_null(handle, index)
      return
    }
    text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return bindEmptyText(index) }
      sqlite3_bind_text64(
        handle, index, UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self),
        UInt64(bytes.count), WritableDatabase.copied, UInt8(SQLITE_UTF8))
    }
  }

  /// Binds an empty text, which without an address would be NULL.
  private func bindEmptyText(_ index: Int32) {
    sqlite3_bind_text64(handle, index, "", 0, WritableDatabase.copied, UInt8(SQLITE_UTF8))
  }

  func bind(_ index: Int32, blob bytes: [UInt8]) {
    sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), WritableDatabase.copied)
  }

  /// - Returns: whether there is a row.
  func step() throws(ReceiveError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw ReceiveError(database)
    }
  }

  /// Runs a statement that returns nothing.
  func run() throws(ReceiveError) {
    defer { reset() }
    _ = try step()
  }

  func reset() { sqlite3_reset(handle) }

  func integer(_ index: Int32) -> Int64? {
    sqlite3_column_type(handle, index) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, index)
  }

  func text(_ index: Int32) -> String? {
    sqlite3_column_text(handle, index).map { String(cString: $0) }
  }

  func blob(_ index: Int32) -> [UInt8] {
    let count = Int(sqlite3_column_bytes(handle, index))
    return Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, index), count: count))
  }
}

extension ReceiveError {
  /// The error of the latest call on this connection.
  init(_ database: WritableDatabase) {
    let kind: Kind =
      switch sqlite3_errcode(database.handle) & 0xff {
      case SQLITE_BUSY, SQLITE_LOCKED: .locked
      case SQLITE_FULL: .full
      case SQLITE_READONLY: .readOnly
      default: database.isConstraintFailure ? .refused : .other
      }
    self.init(kind, database.failure().message)
  }

  init(_ error: StoreWriteError) { self.init(.other, error.message) }
}
