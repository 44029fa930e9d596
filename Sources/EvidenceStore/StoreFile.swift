import CSQLite
import Glibc
import LinuxSystem

/// One database file, open for reading, in the way that its writers need.
///
/// Where there is a WAL, it is read as SQLite reads: locks then keep no writer waiting. Where there
/// is none, it is read without locks: see ``UnlockedFile``.
final class StoreFile {
  /// What tells that nothing was committed in between, of all looks at one open file.
  enum Mark: Hashable {
    /// Without locks: whatever a write changes.
    case unlocked(size: Int64, changed: Int64, header: UnlockedFile.Mark)
    /// With a WAL: `PRAGMA data_version` of this connection.
    case wal(dataVersion: Int64)
  }

  let identity: FileIdentity
  let connection: Connection
  /// Absent while it is read with a WAL.
  let unlocked: UnlockedFile?
  private var table: EvidenceTable?
  /// The first mark under which pages were read into the cache of the connection.
  var cacheMark: Mark?
  let path: String
  private let walPath: String
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
    let hasWAL = Self.size(of: walPath) > 0
    if hasWAL { try Self.checkOwner(status, resolved) }
    try Descriptors.checkSupply(for: path)
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

  /// Bytes of the database file and its WAL.
  var sizeBytes: Int64 {
    let size = (try? Self.status(path))?.size ?? 0
    let (sum, overflow) = size.addingReportingOverflow(Self.size(of: walPath))
    return overflow ? .max : sum
  }

  /// `nil` if the path names another file now, or it has to be read in the other way.
  func mark() throws(StoreReadError) -> Mark? {
    guard let status = try? Self.status(path), status.identity == identity, isRightWay else {
      return nil
    }
    if let unlocked {
      return .unlocked(size: status.size, changed: status.changed, header: unlocked.mark())
    }
    return try dataVersion.integer().map { .wal(dataVersion: $0) }
  }

  /// The table by the schema of the current snapshot.
  func currentTable(payloadLimit: Int) throws(StoreReadError) -> EvidenceTable {
    let version = try EvidenceTable.schemaVersion(connection)
    if let table, table.schemaVersion == version { return table }
    table = nil
    let found = try EvidenceTable(connection, columnLimit: payloadLimit)
    table = found
    return found
  }

  /// SQLite, which was shown a database without a WAL, says `delete` of one that is in WAL mode.
  func journalMode(of table: EvidenceTable) -> String {
    unlocked?.mark().isWAL == true ? "wal" : table.journalMode
  }

  /// A WAL that is empty has nothing committed in it. Once attached to, a WAL is left only when its
  /// file is gone.
  private var isRightWay: Bool {
    unlocked == nil ? access(walPath, F_OK) == 0 : Self.size(of: walPath) == 0
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
