import CLinux

/// Keeps SQLite from the locks that writers of a WAL need.
///
/// A connection that is the first to open a WAL, or that finds its index damaged, takes such a lock for
/// a moment, and a writer without a busy timeout fails then. It happens beside a writer that closes the
/// database after each row. Where a writer has the WAL open, a reader needs none of these locks.
enum WriterLocks {
  /// How long the locks are refused. If SQLite still needs one then, the writers of the WAL seem to
  /// have ended without closing it.
  private static let milliseconds = 1000

  /// Runs `body`. SQLite waits in place of taking such a lock.
  static func refused<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    SystemLocks.replace()
    linux_refuse_writer_locks(milliseconds)
    defer { linux_refuse_writer_locks(0) }
    return try body()
  }
}
