import LinuxSystem

extension StoreFile {
  /// The attributes of an open database file and its WAL at one moment.
  struct Status {
    let database: FileStatus
    let wal: FileStatus?

    /// Bytes of the database file and its WAL.
    var sizeBytes: Int64 {
      let (sum, overflow) = database.size.addingReportingOverflow(wal?.size ?? 0)
      return overflow ? .max : sum
    }
  }

  /// The status now; `nil` if the path names another file, or the file has to be read in another
  /// way.
  func status() -> Status? {
    guard let database = try? FileStatus(of: path), database.identity == identity else {
      return nil
    }
    let wal = try? FileStatus(of: walPath)
    guard isRightWay(wal), !couldWriteIndex else { return nil }
    return Status(database: database, wal: wal)
  }

  /// Whether the path still names this file, and the file can still be read in this way.
  var isCurrent: Bool { status() != nil }

  /// Whether the file still has to be read in the way that was chosen when it was opened.
  ///
  /// An empty WAL holds no commit. Once open, a WAL is left only when its file is gone or replaced.
  private func isRightWay(_ wal: FileStatus?) -> Bool {
    unlocked == nil ? wal != nil && wal?.identity == walIdentity : (wal?.size ?? 0) == 0
  }

  /// The version of the file with a status that was just taken.
  func version(_ status: Status) throws(StoreReadError) -> FileVersion? {
    let database = status.database
    if let unlocked {
      return .unlocked(size: database.size, changed: database.changed, header: unlocked.version())
    }
    let version = try dataVersion.integer()
    hasReadWAL = true
    return version.map {
      .wal(dataVersion: $0, size: database.size, modified: database.modified)
    }
  }

  /// The version now; `nil` if the path names another file, or the file has to be read in another
  /// way.
  func version() throws(StoreReadError) -> FileVersion? {
    guard let status = status() else { return nil }
    return try version(status)
  }

  /// Whether there was no commit since `version`. A read without locks has already confirmed that.
  func isSame(as version: FileVersion) -> Bool {
    guard case .wal(let before, _, _) = version else { return true }
    return (try? dataVersion.integer()) == before
  }

  /// Whether a writer may be in a transaction. A writer changes the files within a transaction, and
  /// its commit is visible before the transaction ends.
  ///
  /// With a WAL a reader of another process counts, too.
  var hasWriter: Bool {
    if let unlocked { return unlocked.hasWriter }
    return WritableDatabase.isOpen(identity) || connection.hasOtherTransaction ?? true
  }
}
