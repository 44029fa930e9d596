import CLinux
import CSQLite

/// Controls how SQLite takes locks from the kernel.
enum SystemLocks {
  /// Makes SQLite call ``linux_fcntl_for_readers`` for locks, in the whole process.
  static func replace() {
    guard let system = sqlite3_vfs_find("unix") else { return }
    _ = system.pointee.xSetSystemCall?(system, "fcntl", linux_fcntl_for_readers())
  }

  /// Runs `body`, in which SQLite learns whether it could take a lock but takes none. Even a shared
  /// lock held for a microsecond would fail the commit of a writer without a busy timeout.
  static func onlyAsked<Result>(_ body: () -> Result) -> Result {
    replace()
    linux_only_ask_for_locks(true)
    defer { linux_only_ask_for_locks(false) }
    return body()
  }
}
