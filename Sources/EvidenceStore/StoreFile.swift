import CSQLite
import Glibc
import LinuxSystem

/// One database file, open for reading in a way that keeps no writer waiting.
///
/// If there is a WAL, SQLite reads as usual: its locks then keep no writer waiting. Otherwise the
/// file is read without locks: see ``UnlockedFile``.
final class StoreFile {
  /// A version that changes with every commit, as long as the file stays open.
  enum FileVersion: Hashable {
    /// Without locks: the attributes that a write changes.
    case unlocked(size: Int64, changed: Int64, header: UnlockedFile.HeaderVersion)
    /// With a WAL: `PRAGMA data_version` of this connection, and the attributes of the database
    /// file that a write changes.
    case wal(dataVersion: Int64, size: Int64, modified: Int64)
  }

  let identity: FileIdentity
  let connection: Connection
  /// `nil` while the file is read with a WAL.
  let unlocked: UnlockedFile?
  private var table: EvidenceTable?
  /// The version at which the first pages were cached in the connection.
  var cacheVersion: FileVersion?
  let path: String
  let walPath: String
  let indexPath: String
  /// When the file was opened, by the monotonic clock.
  let opened = readClock(CLOCK_MONOTONIC_COARSE)
  /// Whether SQLite has read in WAL mode, and so has opened the index.
  var hasReadWAL = false
  let walIdentity: FileIdentity?
  let dataVersion: Statement
  private let schemaVersion: Statement

  /// - Parameter path: may be relative or a symbolic link.
  init(path: String) throws(StoreReadError) {
    self.path = path
    let resolved = try Self.resolve(path)
    let status = try Self.status(path)
    guard status.isRegular else {
      throw StoreReadError(.io, "\(path): this is a directory or a device, not a file")
    }
    identity = status.identity
    walPath = resolved + "-wal"
    indexPath = resolved + "-shm"
    let wal = try? FileStatus(of: walPath)
    walIdentity = wal?.identity
    let hasWAL = wal.map { $0.size > 0 } ?? false
    guard status.size > 0 || !hasWAL else {
      throw StoreReadError(.corrupt, "\(path): the database file is empty, but it has a WAL")
    }
    if hasWAL { try Self.checkOwner(status, resolved) }
    try DescriptorBudget.checkSupply(for: path)
    connection = try Connection(path: resolved)
    unlocked = hasWAL ? nil : try connection.unlock()
    dataVersion = try Statement(connection, "PRAGMA data_version")
    schemaVersion = try Statement(connection, "PRAGMA schema_version")
    guard try Self.status(path).identity == identity else {
      throw StoreReadError(.locked, "\(path): it was replaced while it was being opened")
    }
  }

  /// The database file beneath the WAL; `nil` while it is read without one, if the path names
  /// another file, or while a checkpoint changes it.
  private var fileBeneathWAL: FileBeneathWAL? {
    guard unlocked == nil, let file = connection.file, let index = WALIndex(file),
      let status = try? Self.status(path), status.identity == identity
    else { return nil }
    let header = UnlockedFile.HeaderVersion(file, file.pointee.pMethods)
    guard WALIndex(file) == index else { return nil }
    return FileBeneathWAL(
      size: status.size, modified: status.modified, header: header, index: index)
  }

  /// The change of the database file beneath the WAL since `earlier`, and its current state.
  func changeBeneathWAL(
    since earlier: FileBeneathWAL?
  ) -> (change: FileBeneathWAL.Change, now: FileBeneathWAL?) {
    guard unlocked == nil else { return (.none, nil) }
    guard let now = fileBeneathWAL else { return (.unknown, nil) }
    guard let earlier else { return (.none, now) }
    let change = now.change(since: earlier) { WALFrames.contain($0, path: walPath) }
    // The frames may have been overwritten since the index was read.
    guard change != .overwritten || fileBeneathWAL?.index.salts == now.index.salts else {
      return (.unknown, nil)
    }
    return (change, now)
  }

  var overwriteError: StoreReadError {
    StoreReadError(
      .corrupt,
      """
      \(path): the database file was overwritten while it had a WAL, and the two do not belong \
      together; stop the writers, and remove -wal and -shm to read the file that is there now
      """)
  }

  /// Whether a table is loaded. The schema may have changed since.
  var hasTable: Bool { table != nil }

  /// Drops the table, so that it is loaded again.
  func forgetTable() { table = nil }

  /// The size of the WAL in bytes; 0 if there is none.
  var walSizeBytes: Int64 { (try? FileStatus(of: walPath))?.size ?? 0 }

  /// The table that was loaded last; `nil` if the schema has changed since.
  func currentTable() throws(StoreReadError) -> EvidenceTable? {
    guard let table, try table.schemaVersion == schemaVersion.integer() ?? 0 else { return nil }
    return table
  }

  /// Loads the table if it is not loaded, in a snapshot of its own, because SQLite takes 10 µs for
  /// each object of the schema, and a file may have thousands.
  ///
  /// Without a WAL, a commit in the meantime does no harm unless it changes the schema.
  ///
  /// - Parameter version: a version taken while no writer was in a transaction.
  /// - Returns: `false` if the schema was changed in the meantime.
  func loadTable(payloadLimit: Int, at version: FileVersion) throws(StoreReadError) -> Bool {
    try connection.withSnapshot(milliseconds: 2000) { () throws(StoreReadError) in
      // An error here comes from a changed schema. Loading it again tells what is wrong.
      if (try? currentTable()) != nil { return true }
      table = nil
      let found = try EvidenceTable(connection, valueLimit: payloadLimit)
      if case .unlocked(_, _, let header) = version,
        unlocked?.version().schemaCookie != header.schemaCookie
      {
        return false
      }
      table = found
      return true
    }
  }

  /// The journal mode. SQLite reports `delete` for a database in WAL mode without a WAL.
  func journalMode(of table: EvidenceTable, at version: FileVersion) -> String {
    if case .unlocked(_, _, let header) = version, header.isWAL { return "wal" }
    return table.journalMode
  }
}

// MARK: - Looking at paths

extension StoreFile {
  private static func resolve(_ path: String) throws(StoreReadError) -> String {
    guard !path.utf8.contains(0) else {
      throw StoreReadError(.missing, "\(path): a path cannot contain NUL")
    }
    guard let resolved = realpath(path, nil) else {
      throw StoreReadError(systemError: errno, path: path)
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func status(_ path: String) throws(StoreReadError) -> FileStatus {
    do {
      return try FileStatus(of: path)
    } catch {
      throw StoreReadError(systemError: error.systemError, path: path)
    }
  }

  /// SQLite would create a missing `-shm` that belongs to this user, and the agents could no longer
  /// open the database. As root, SQLite gives the file to the owner of the database.
  private static func checkOwner(_ status: FileStatus, _ path: String) throws(StoreReadError) {
    let user = geteuid()
    guard user != 0, user != status.owner, access(path + "-shm", F_OK) != 0 else { return }
    throw StoreReadError(
      .permission,
      """
      \(path): its WAL has no -shm file, and one made by user \(user) would lock its writers out; \
      run the exporter as user \(status.owner), who owns the database
      """)
  }
}
