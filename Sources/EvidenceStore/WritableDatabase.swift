import CSQLite
import LinuxSystem
import Synchronization

/// A connection that writes, with the calls of SQLite that ``EvidenceWriter`` needs.
final class WritableDatabase {
  /// The number of such connections in this process, by file. The kernel reports only the locks of
  /// other processes.
  private static let counts = Mutex<[FileIdentity: Int]>([:])

  /// Whether this process has the file open for writing.
  static func isOpen(_ file: FileIdentity) -> Bool { counts.withLock { $0[file] != nil } }

  private let identity: FileIdentity?
  let path: String
  let handle: OpaquePointer

  /// - Parameter busyMilliseconds: how long to wait for the lock of another writer.
  init(
    path: String, creates: Bool, busyMilliseconds: Int32 = 5000
  ) throws(StoreWriteError) {
    self.path = path
    // With `./` before it, no path is taken for a URI or for `:memory:`.
    let name = PathBytes.isAbsolute(path) ? path : "./" + path
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (creates ? SQLITE_OPEN_CREATE : 0)
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      sqlite3_close(opened)
      throw Self.failure(toOpen: path, creates: creates, code)
    }
    handle = opened
    identity = (try? FileStatus(of: path))?.identity
    if let identity { Self.counts.withLock { $0[identity, default: 0] += 1 } }
    sqlite3_busy_timeout(handle, busyMilliseconds)
  }

  deinit {
    sqlite3_close(handle)
    guard let identity else { return }
    Self.counts.withLock { counts in
      counts[identity, default: 0] -= 1
      if counts[identity] == 0 { counts[identity] = nil }
    }
  }

  /// SQLite says no more than that it can't.
  private static func failure(
    toOpen path: String, creates: Bool, _ code: Int32
  ) -> StoreWriteError {
    let directory = PathBytes.split(path).directory
    if FileStatus.isMissing(directory) {
      return StoreWriteError("\(path): there is no directory \(directory)")
    }
    if !creates, FileStatus.isMissing(path) {
      return StoreWriteError("\(path): there is no such file; create it with `init`")
    }
    if let status = try? FileStatus(of: path), !status.isRegular {
      return StoreWriteError("\(path): this is a directory or a device, not a file")
    }
    return StoreWriteError("\(path): \(String(cString: sqlite3_errstr(code)))")
  }

  /// The id of the row that was inserted last.
  var lastID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// The number of rows that the latest statement changed, without those that triggers changed.
  var changedRows: Int { Int(sqlite3_changes(handle)) }

  func execute(_ sql: String) throws(StoreWriteError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  /// Runs a statement that returns nothing.
  func run(_ sql: String, _ values: [String]) throws(StoreWriteError) {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    for (index, value) in zip(Int32(1)..., values) {
      let bytes = Array(value.utf8)
      sqlite3_bind_text64(
        statement, index, bytes.map { CChar(bitPattern: $0) }, UInt64(bytes.count),
        Self.copied, UInt8(SQLITE_UTF8))
    }
    guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
  }

  /// Whether the latest call failed because of the values that it was given.
  var isConstraintFailure: Bool {
    let code = sqlite3_errcode(handle) & 0xff
    return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH
  }

  /// Returns the first column of every row.
  func texts(_ sql: String) throws(StoreWriteError) -> [String] {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    var texts: [String] = []
    var code = sqlite3_step(statement)
    while code == SQLITE_ROW {
      texts.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
      code = sqlite3_step(statement)
    }
    guard code == SQLITE_DONE else { throw failure() }
    return texts
  }

  func prepare(_ sql: String) throws(StoreWriteError) -> OpaquePointer? {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw failure()
    }
    return statement
  }

  func failure() -> StoreWriteError {
    let code = sqlite3_extended_errcode(handle)
    return StoreWriteError(
      "\(path): \(String(cString: sqlite3_errmsg(handle))) (SQLite code \(code))")
  }

  /// `SQLITE_TRANSIENT`, a macro with a cast, which Swift does not import.
  static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }
}
