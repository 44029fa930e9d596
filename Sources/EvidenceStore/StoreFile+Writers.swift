import Glibc
import LinuxSystem

/// When a file that is read without locks may be read, and whether the reading holds.
extension StoreFile {
  /// No writer is at work on the file, so that a reading may begin.
  var isQuiet: Bool {
    guard let unlocked else { return true }
    return !unlocked.hasWriter && !wasJustCheckpointed
  }

  /// The writer at work has not begun to write to the file. Asked of a writer that has been there
  /// for long, whose commit is then unlikely to come in this very moment.
  var isReadable: Bool {
    guard let unlocked else { return true }
    return unlocked.isReadable && !wasJustCheckpointed
  }

  /// Nothing was written to the file since `version` was taken, so that what was read in between is one
  /// committed state. With a WAL, SQLite's snapshot is that already.
  func confirms(_ version: FileVersion) -> Bool {
    unlocked == nil || (try? self.version()) == version
  }

  /// Whether pages that SQLite has cached are of an older state than `version`.
  ///
  /// It tells by the change counter in the header, and that stands still when a WAL is written back
  /// ("Database File Format", section 1.3.6).
  func hasStaleCache(at version: FileVersion) -> Bool {
    guard case .unlocked(_, _, let header) = version, header.isWAL else { return false }
    defer { cacheVersion = cacheVersion ?? version }
    return cacheVersion.map { $0 != version } ?? false
  }

  /// A WAL may have come and gone, and have been written back, since the file's time of change last
  /// moved on: that clock ticks every 1 to 10 ms, and such writes need not change the header.
  private var wasJustCheckpointed: Bool {
    guard case .unlocked(_, let changed, let header)? = try? version(), header.isWAL else {
      return false
    }
    return (-20_000_000...0).contains(readClock(CLOCK_REALTIME_COARSE) &- changed)
  }

  var writerError: StoreReadError {
    StoreReadError(.locked, "\(path): a writer is at work on it; it is read again shortly")
  }
}

extension StoreReadError {
  /// It may be over within milliseconds, be it a lock or a journal that its writer is removing.
  var isPassing: Bool { kind == .locked || kind == .recovery }
}
