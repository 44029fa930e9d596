import Glibc
import LinuxSystem

/// SQLite opens the index of a WAL once for all connections of a process. If it could open the
/// index only for reading, no connection can write until all of them are closed.
///
/// So a receiver could not write once its disk becomes writable, unless the readers reopen the
/// database.
extension StoreFile {
  /// How many nanoseconds a file stays open at least, because another connection may keep the index
  /// as it is.
  private static let shortestLife: Int64 = 1_000_000_000

  /// Whether SQLite has the index only for reading, and could open it for writing now.
  var couldWriteIndex: Bool {
    guard hasReadWAL, readClock(CLOCK_MONOTONIC_COARSE) &- opened >= Self.shortestLife,
      let file = connection.file, WALIndex.isReadOnly(file)
    else { return false }
    // Opening and closing the file here would drop SQLite's locks on it.
    return access(indexPath, W_OK) == 0
  }
}
