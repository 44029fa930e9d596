import CSQLite
import Glibc
import LinuxSystem

/// A read-only connection to an existing database file.
///
/// Not thread-safe, neither here nor in SQLite: one thread at a time may use it.
final class Connection {
  let handle: OpaquePointer
  let path: String
  /// It has to outlive `deinit`, in which SQLite still uses it.
  private var unlockedFile: UnlockedFile?
  /// When SQLite stops waiting for the lock of another process.
  var busyDeadline = Deadline(milliseconds: 0)
  /// The most processor time that a snapshot has taken so far, in nanoseconds.
  private(set) var longestSnapshot: Int64 = 0
  /// The processor time that the statements of a snapshot may take before they are interrupted.
  /// `nil` outside of a snapshot, where another thread may use the connection next.
  private var budget: ProcessorBudget?
  /// Whether SQLite skips the objects of the schema that it cannot parse.
  private(set) var skipsUnreadableObjects = false
  private var begin: OpaquePointer?
  private var end: OpaquePointer?

  /// - Parameter path: absolute and without symbolic links. SQLite then takes `?` and `#` in it as
  ///   they are, and opens the file that was checked.
  init(path: String) throws(StoreReadError) {
    self.path = path
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
    guard let vfs = ReadingVFS.name else {
      throw StoreReadError(.io, "\(path): SQLite has no file system named unix")
    }
    let code = sqlite3_open_v2(path, &opened, flags, vfs)
    guard let opened else { throw StoreReadError(.io, "\(path): out of memory") }
    guard code == SQLITE_OK else {
      let error = StoreReadError(SQLiteFailure(opened), path: path)
      sqlite3_close(opened)
      throw error
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_set_defensive(handle)
    // SQL in a schema may run, but must not reach another file.
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
    // The schema is trusted: it can call only SQLite's own functions, which reach nothing else.
    // Without trust, SQLite 3.38 to 3.40 refuses the JSON functions in indexes and columns.
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_busy_handler(handle, { context, _ in Connection.shouldWait(context) }, context)
    sqlite3_progress_handler(handle, 1000, { Connection.shouldInterrupt($0) }, context)
    try execute(
      """
      PRAGMA query_only = ON; PRAGMA trusted_schema = ON; PRAGMA cell_size_check = ON;
      PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0
      """)
    // Compiled once, because each commit of a writer leads to a snapshot.
    begin = try prepare("BEGIN")
    // Nothing was written, so a failure here does not matter.
    end = try prepare("ROLLBACK")
  }

  deinit {
    sqlite3_finalize(begin)
    sqlite3_finalize(end)
    sqlite3_close(handle)
  }

  /// Makes SQLite read the database file without locks. Call it before the first statement that
  /// reads.
  func unlock() throws(StoreReadError) -> UnlockedFile {
    guard let file, let unlocked = UnlockedFile(file) else {
      throw StoreReadError(.io, "\(path): SQLite reports no open file")
    }
    unlockedFile = unlocked
    return unlocked
  }

  /// The database file as SQLite has it open.
  var file: UnsafeMutablePointer<sqlite3_file>? {
    var file: UnsafeMutablePointer<sqlite3_file>?
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    return file
  }

  /// Whether another process is in a transaction on the WAL, reading or writing. It asks the kernel
  /// and takes no lock. Connections of this process do not count.
  ///
  /// `nil` if SQLite cannot tell. Source: "SQLITE_FCNTL_EXTERNAL_READER", SQLite.
  var hasOtherTransaction: Bool? {
    var found: Int32 = 0
    let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_EXTERNAL_READER, &found)
    return code == SQLITE_OK ? found != 0 : nil
  }

  func execute(_ sql: String) throws(StoreReadError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  /// Makes SQLite skip the objects of the schema that it cannot parse, from the next load on.
  ///
  /// Otherwise a parse error in any view, trigger or index fails every statement. The flag permits
  /// writes to the schema, too, but this connection is read-only and defensive.
  func skipUnreadableObjects() {
    sqlite3_set_writable_schema(handle)
    skipsUnreadableObjects = true
  }

  /// Compiles a statement. A function that SQLite does not know gets a placeholder, because a
  /// column that is not read may call a function that only the writers have.
  func prepare(_ sql: String) throws(StoreReadError) -> OpaquePointer {
    var lastMissing: String?
    while true {
      var prepared: OpaquePointer?
      let code = sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
      if code == SQLITE_OK, let prepared { return prepared }
      if code == SQLITE_INTERRUPT { throw slowSchema }
      guard let missing = missingFunction, missing != lastMissing, definePlaceholder(for: missing)
      else { throw failure() }
      lastMissing = missing
    }
  }

  /// The unknown function that the latest statement calls; `nil` if it failed for another reason.
  private var missingFunction: String? {
    let text = lastMessage.utf8
    let prefix = "no such function: ".utf8
    return text.starts(with: prefix) ? String(text.dropFirst(prefix.count)) : nil
  }

  /// Defines a function that fails when it is called.
  private func definePlaceholder(for function: String) -> Bool {
    sqlite3_create_function_v2(
      handle, function, -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
      { context, _, _ in
        sqlite3_result_error(context, "the schema calls a function that only its writers have", -1)
      }, nil, nil, nil) == SQLITE_OK
  }

  /// Runs `body` on one snapshot of the database and ends the snapshot.
  ///
  /// A view, or a table without an index, may take forever. So SQLite interrupts a statement once
  /// the snapshot has taken `milliseconds` of processor time.
  func withSnapshot<Result>(
    milliseconds: Int64 = 50, _ body: () throws(StoreReadError) -> Result
  ) throws(StoreReadError) -> Result {
    budget = ProcessorBudget(milliseconds: milliseconds)
    let start = readClock(CLOCK_THREAD_CPUTIME_ID)
    sqlite3_step(begin)
    guard sqlite3_reset(begin) == SQLITE_OK else { throw failure() }
    defer {
      sqlite3_step(end)
      sqlite3_reset(end)
      budget = nil
      longestSnapshot = max(longestSnapshot, readClock(CLOCK_THREAD_CPUTIME_ID) - start)
    }
    return try body()
  }

  /// Has SQLite cache less than the 2 MB that it does by default. A table is read once, in the order of
  /// its ids, and for that the inner pages of the tree are enough. Call it with a schema loaded: the
  /// pragma would load it.
  func limitCache() throws(StoreReadError) { try execute("PRAGMA cache_size = -256") }

  /// Drops the pages that SQLite has cached. Call it outside of a snapshot.
  func releaseCache() { sqlite3_db_release_memory(handle) }

  /// The error of the latest call on this connection.
  func failure() -> StoreReadError { StoreReadError(SQLiteFailure(handle), path: path) }

  /// SQLite's English text for the latest call on this connection.
  var lastMessage: String { String(cString: sqlite3_errmsg(handle)) }

  /// Whether this snapshot has used up its processor time.
  var isOverBudget: Bool { budget?.isSpent ?? false }

  func schemaError(_ text: String) -> StoreReadError {
    StoreReadError(.schema, "\(path): \(text)")
  }

  var interruption: StoreReadError {
    StoreReadError(
      .schema,
      """
      \(path): reading one row takes too long; evidence seems to be a view or a table whose id has \
      no index
      """)
  }

  var slowSchema: StoreReadError {
    schemaError("SQLite takes too long to load the schema; the database has too many objects")
  }

  private static func shouldWait(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context else { return 0 }
    let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
    guard !connection.busyDeadline.hasPassed else { return 0 }
    Deadline.pause()
    return 1
  }

  private static func shouldInterrupt(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context else { return 0 }
    let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
    return connection.isOverBudget ? 1 : 0
  }
}

extension SQLiteFailure {
  /// The error of the latest call on `handle`.
  fileprivate init(_ handle: OpaquePointer) {
    self.init(
      code: sqlite3_extended_errcode(handle), text: String(cString: sqlite3_errmsg(handle)),
      systemError: sqlite3_system_errno(handle))
  }
}
