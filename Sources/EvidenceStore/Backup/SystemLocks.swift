import CLinux
import CSQLite

/// How SQLite takes the locks of the kernel.
enum SystemLocks {
  /// Makes SQLite ask ``linux_fcntl_for_readers`` for them, in the whole process.
  static func replace() {
    guard let system = sqlite3_vfs_find("unix") else { return }
    _ = system.pointee.xSetSystemCall?(system, "fcntl", linux_fcntl_for_readers())
  }

  /// Runs `body`, in which SQLite gets the answer to each lock without the lock. Even a shared lock that
  /// is held for a microsecond would fail the commit of a writer without a busy timeout.
  static func onlyAsked<Result>(_ body: () -> Result) -> Result {
    replace()
    linux_only_ask_for_locks(true)
    defer { linux_only_ask_for_locks(false) }
    return body()
  }
}
