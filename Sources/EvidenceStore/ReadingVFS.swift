import CSQLite
import Glibc

/// SQLite's own VFS, without the changes that a read-only connection still makes to the files.
///
/// A read-only connection to a WAL database creates a missing `-wal` and then `-shm`. Both belong
/// to the reader, and a writer under another user can no longer open them. It also deletes the
/// `-wal` of an empty database file. This VFS does neither.
/// Source: "The SQLite OS Interface or VFS", SQLite.
enum ReadingVFS {
  /// The name of the VFS; `nil` if SQLite has no VFS to build on.
  static let name: String? = register("reflexive-reading")

  private static func register(_ name: String) -> String? {
    guard let system = sqlite3_vfs_find(systemName) else { return nil }
    // SQLite keeps the VFS and its name until the process ends.
    let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    vfs.initialize(to: system.pointee)
    vfs.pointee.pNext = nil
    vfs.pointee.zName = UnsafePointer(strdup(name))
    vfs.pointee.xDelete = { _, _, _ in SQLITE_READONLY }
    vfs.pointee.xOpen = { vfs, path, file, flags, result in
      ReadingVFS.open(vfs, path, file, flags, result)
    }
    return sqlite3_vfs_register(vfs, 0) == SQLITE_OK ? name : nil
  }

  private static func open(
    _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: sqlite3_filename?,
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
    _ result: UnsafeMutablePointer<Int32>?
  ) -> Int32 {
    guard let open = sqlite3_vfs_find(systemName)?.pointee.xOpen else { return SQLITE_CANTOPEN }
    var flags = flags
    if flags & SQLITE_OPEN_WAL != 0 {
      flags = SQLITE_OPEN_WAL | SQLITE_OPEN_READONLY
    }
    return open(vfs, path, file, flags, result)
  }

  private static let systemName = "unix"
}
