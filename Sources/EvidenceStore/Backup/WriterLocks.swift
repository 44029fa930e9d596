import CLinux

/// Keeps SQLite from taking the locks that writers of a WAL need.
///
/// A connection takes such a lock for a moment if it is the first to open a WAL, or finds its index
/// damaged. A writer without a busy timeout fails then. This happens beside a writer that closes
/// the database after each row. While a writer has the WAL open, a reader needs none of these
/// locks.
enum WriterLocks {
  /// How many milliseconds the locks are refused. If SQLite still needs one then, the writers of
  /// the WAL seem to have ended without closing it.
  private static let milliseconds = 1000

  /// Runs `body`, in which SQLite waits instead of taking such a lock.
  static func refused<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    SystemLocks.replace()
    linux_refuse_writer_locks(milliseconds)
    defer { linux_refuse_writer_locks(0) }
    return try body()
  }
}
