import CSQLite
import Glibc
package import LinuxSystem

/// Copies a database while others write to it.
///
/// With a WAL, SQLite copies the whole database in one read transaction. Without that transaction,
/// each commit of another process restarts the copy, and it may never end. Without a WAL, a read
/// transaction would fail the commits of writers without a busy timeout, so ``RowCopy`` copies the
/// evidence without locks.
package struct StoreCopy {
  /// How many bytes a WAL may grow during a copy. No checkpoint can restart a WAL that is being
  /// read.
  private static let longestWALGrowth: Int64 = 256 << 20
  private static let pagesPerStep: Int32 = 256
  /// How many milliseconds to wait for a moment without a writer.
  private static let patience: Int64 = 60_000
  /// A day in milliseconds: the copy may take as long as it needs.
  private static let budget: Int64 = 86_400_000

  let path: String
  let destination: PartialFile

  /// - Parameters:
  ///   - path: the path of the database.
  ///   - destination: an empty file.
  package init(of path: String, to destination: PartialFile) {
    self.path = path
    self.destination = destination
  }

  /// Makes the copy and reads it to its end.
  package func run() throws(BackupError) -> CopiedEvidence {
    let deadline = Deadline(milliseconds: Self.patience)
    var step = Deadline.firstPause
    while try !WriterLocks.refused(copy) {
      guard !deadline.hasPassed else {
        throw BackupError("\(path): its writers left no moment in which to copy it")
      }
      Deadline.pause(&step)
    }
    return try CopyCheck.read(destination.path)
  }

  /// - Returns: `false` if a write or a change of the journal mode disturbed the copy.
  private func copy() throws(BackupError) -> Bool {
    try asBackup { () throws(SystemFailure) in try destination.truncate() }
    do throws(StoreReadError) {
      let file = try StoreFile(path: path)
      file.connection.busyDeadline = Deadline(milliseconds: 50)
      guard let version = try file.version() else { return false }
      guard case .unlocked(_, _, let header) = version, !header.isWAL else {
        guard file.isSafeToRead(at: version) else { return false }
        return try copyPages(file, version)
      }
    } catch {
      guard error.isTransient else { throw BackupError(error) }
      return false
    }
    return try RowCopy(of: path, to: destination.path).run()
  }

  private func copyPages(
    _ file: StoreFile, _ version: StoreFile.FileVersion
  ) throws(StoreReadError) -> Bool {
    let connection = file.connection
    do throws(StoreReadError) {
      try connection.withSnapshot(milliseconds: Self.budget) { () throws(StoreReadError) in
        // Begins the read transaction.
        _ = try EvidenceDefinition.columns(connection)
        try copyPages(from: connection, walSize: file.walSizeBytes) { file.walSizeBytes }
      }
    } catch {
      // A write during the read explains any error.
      if file.confirms(version) { throw error }
    }
    return file.confirms(version)
  }

  private func copyPages(
    from connection: Connection, walSize: Int64, _ walSizeNow: () -> Int64
  ) throws(StoreReadError) {
    let target: WritableDatabase
    do throws(StoreWriteError) {
      target = try WritableDatabase(path: destination.path, creates: false)
      try target.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    } catch {
      throw StoreReadError(.io, error.message)
    }
    guard let backup = sqlite3_backup_init(target.handle, "main", connection.handle, "main") else {
      throw StoreReadError(.io, target.failure().message)
    }
    var code: Int32
    repeat {
      code = sqlite3_backup_step(backup, Self.pagesPerStep)
      if walSizeNow() - walSize > Self.longestWALGrowth {
        sqlite3_backup_finish(backup)
        throw StoreReadError(
          .locked, "\(path): its WAL grew by 256 MiB during the copy, which was given up")
      }
    } while code == SQLITE_OK
    sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE else {
      let text = String(cString: sqlite3_errstr(code))
      throw StoreReadError(
        code & 0xff == SQLITE_BUSY ? .locked : .io, "\(path): cannot copy it: \(text)")
    }
  }
}
