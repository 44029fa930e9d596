import CSQLite
import Glibc
import LinuxSystem

/// One database file, open for reading, in the way that its writers need.
///
/// Where there is a WAL, it is read as SQLite reads: locks then keep no writer waiting. Where there
/// is none, it is read without locks: see ``UnlockedFile``.
final class StoreFile {
  /// What tells that nothing was committed in between, of all looks at one open file.
  enum FileVersion: Hashable {
    /// Without locks: whatever a write changes.
    case unlocked(size: Int64, changed: Int64, header: UnlockedFile.HeaderVersion)
    /// With a WAL: `PRAGMA data_version` of this connection, and what a write to the database file
    /// changes.
    case wal(dataVersion: Int64, size: Int64, modified: Int64)
  }

  let identity: FileIdentity
  let connection: Connection
  /// Absent while it is read with a WAL.
  let unlocked: UnlockedFile?
  private var table: EvidenceTable?
  /// The first version under which pages were read into the cache of the connection.
  var cacheVersion: FileVersion?
  let path: String
  private let walPath: String
  private let walIdentity: FileIdentity?
  private let dataVersion: Statement

  /// - Parameter path: may be relative, and a symbolic link.
  init(path: String) throws(StoreReadError) {
    self.path = path
    let resolved = try Self.resolve(path)
    let status = try Self.status(path)
    guard status.isRegular else {
      throw StoreReadError(.io, "\(path): this is no file, but a directory or a device")
    }
    identity = status.identity
    walPath = resolved + "-wal"
    let wal = try? FileStatus(of: walPath)
    walIdentity = wal?.identity
    let hasWAL = wal.map { $0.size > 0 } ?? false
    if hasWAL { try Self.checkOwner(status, resolved) }
    try DescriptorBudget.checkSupply(for: path)
    connection = try Connection(path: resolved)
    unlocked = hasWAL ? nil : try connection.unlock()
    dataVersion = try Statement(connection, "PRAGMA data_version")
    guard try Self.status(path).identity == identity else {
      throw StoreReadError(.locked, "\(path): it was replaced while it was opened")
    }
  }

  /// Whether the path still names this file, and it is still to be read in this way.
  var isCurrent: Bool {
    guard let status = try? Self.status(path), status.identity == identity else { return false }
    return isRightWay
  }

  /// The database file beneath the WAL; `nil` while it is read without one, or the path names
  /// another file.
  var checkpointed: FileBeneathWAL? {
    guard unlocked == nil, let file = connection.file, let status = try? Self.status(path),
      status.identity == identity
    else { return nil }
    // The header before the index: a checkpoint says in the index that it begins, then writes.
    let header = UnlockedFile.HeaderVersion(file, file.pointee.pMethods)
    return WALIndex(file).map {
      FileBeneathWAL(size: status.size, modified: status.modified, header: header, index: $0)
    }
  }

  var overwriteError: StoreReadError {
    StoreReadError(
      .corrupt,
      """
      \(path): the database file was overwritten while it had a WAL, and the two do not belong \
      together; stop the writers, then remove -wal and -shm to keep the file, or restore both
      """)
  }

  /// Bytes of the database file and its WAL.
  var sizeBytes: Int64 {
    let size = (try? Self.status(path))?.size ?? 0
    let (sum, overflow) = size.addingReportingOverflow(Self.size(of: walPath))
    return overflow ? .max : sum
  }

  /// `nil` if the path names another file now, or it has to be read in the other way.
  func version() throws(StoreReadError) -> FileVersion? {
    guard let status = try? Self.status(path), status.identity == identity, isRightWay else {
      return nil
    }
    if let unlocked {
      return .unlocked(size: status.size, changed: status.changed, header: unlocked.version())
    }
    return try dataVersion.integer().map {
      .wal(dataVersion: $0, size: status.size, modified: status.modified)
    }
  }

  /// The table that was loaded last, if the schema of the current snapshot is still the same.
  func currentTable() throws(StoreReadError) -> EvidenceTable? {
    guard let table, table.schemaVersion == (try EvidenceTable.schemaVersion(connection)) else {
      return nil
    }
    return table
  }

  /// Loads the table unless it is there, in a snapshot of its own: it takes SQLite 10 µs an object,
  /// and a file may have thousands.
  ///
  /// Without a WAL, a commit meanwhile does no harm unless it changes the schema.
  ///
  /// - Parameter version: of when no writer was at work.
  /// - Returns: `false` if the schema was changed meanwhile.
  func loadTable(payloadLimit: Int, at version: FileVersion) throws(StoreReadError) -> Bool {
    try connection.withSnapshot(milliseconds: 2000) { () throws(StoreReadError) in
      // An error here is that of a schema which changed: loading it anew tells what is wrong.
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

  /// SQLite, which was shown a database without a WAL, says `delete` of one that is in WAL mode.
  func journalMode(of table: EvidenceTable) -> String {
    unlocked?.version().isWAL == true ? "wal" : table.journalMode
  }

  /// A WAL that is empty has nothing committed in it. Once attached to, a WAL is left only when its
  /// file is gone or another one is in its place.
  private var isRightWay: Bool {
    let wal = try? FileStatus(of: walPath)
    return unlocked == nil ? wal != nil && wal?.identity == walIdentity : (wal?.size ?? 0) == 0
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

  /// Bytes; 0 where there is no such file.
  private static func size(of path: String) -> Int64 {
    (try? FileStatus(of: path))?.size ?? 0
  }

  /// A missing `-shm` would be made with our user as its owner, and the agents could not open the
  /// database any more. As root SQLite gives it to the owner of the database.
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
