import Glibc
import LinuxSystem

/// Tells when a file may be read without locks, and whether the read is valid.
extension StoreFile {
  /// Whether no writer is in a transaction, so that a read may begin.
  func isSafeToRead(at version: FileVersion?) -> Bool {
    guard let unlocked else { return true }
    return !unlocked.hasWriter && !wasJustCheckpointed(version)
  }

  /// Like ``isSafeToRead(at:)``, for the current version.
  var isSafeToRead: Bool {
    guard let unlocked else { return true }
    return !unlocked.hasWriter && !wasJustCheckpointed(try? version())
  }

  /// Whether the writer has not begun to write to the file. Ask only about a writer that has been
  /// in its transaction for long, which is unlikely to commit at this moment.
  func isReadable(at version: FileVersion?) -> Bool {
    guard let unlocked else { return true }
    return unlocked.isReadable && !wasJustCheckpointed(version)
  }

  /// Like ``isReadable(at:)``, for the current version.
  var isReadable: Bool { isReadable(at: try? version()) }

  /// Whether nothing was written to the file since `version` was taken, so that everything read in
  /// between is one committed state. With a WAL, SQLite's snapshot already is one.
  func confirms(_ version: FileVersion) -> Bool {
    unlocked == nil || (try? self.version()) == version
  }

  /// Whether SQLite has cached pages of an older state than `version`.
  ///
  /// SQLite relies on the change counter in the header, which stays the same when a WAL is written
  /// back ("Database File Format", section 1.3.6).
  func hasStaleCache(at version: FileVersion) -> Bool {
    guard case .unlocked(_, _, let header) = version, header.isWAL else { return false }
    defer { cacheVersion = cacheVersion ?? version }
    return cacheVersion.map { $0 != version } ?? false
  }

  /// Whether a WAL may have appeared, been written back and gone within the latest tick of the
  /// file's change time. A tick takes 1 to 10 ms, and such writes need not change the header.
  private func wasJustCheckpointed(_ version: FileVersion?) -> Bool {
    guard case .unlocked(_, let changed, let header)? = version, header.isWAL else { return false }
    return (-20_000_000...0).contains(readClock(CLOCK_REALTIME_COARSE) &- changed)
  }

  var writerError: StoreReadError {
    StoreReadError(
      .locked, "\(path): a writer is in a transaction; the exporter tries again shortly")
  }
}

extension StoreReadError {
  /// Whether the error may pass within milliseconds: a lock, or a journal that its writer is
  /// removing.
  var isTransient: Bool { kind == .locked || kind == .recovery }
}
