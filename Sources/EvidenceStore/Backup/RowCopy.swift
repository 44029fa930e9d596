import LinuxSystem

/// Copies the table `evidence`, its indexes and its next id. It copies rows in the order of their ids,
/// so the copy is a prefix of the table at every moment.
///
/// A pass counts only if the file was not written during the pass.
final class RowCopy {
  private static let mostRows = 4000
  private static let fewestRows = 16
  /// How long to wait for a moment without a writer.
  private static let patience: Int64 = 60_000

  private let path: String
  private let target: WritableDatabase
  private var file: StoreFile?
  private var identity: FileIdentity?
  private var plan: RowCopyPlan?
  /// A writer in its transaction: the version that it began with, and how long to wait for it.
  private var busy: (since: Deadline, version: StoreFile.FileVersion)?
  private var last: Int64?
  private var limit = mostRows

  init(of path: String, to destination: String) throws(BackupError) {
    self.path = path
    target = try asBackup { () throws(StoreWriteError) in
      let target = try WritableDatabase(path: destination, creates: false)
      try target.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
      return target
    }
  }

  /// - Returns: `false` if the database has a WAL now, or another file is in its place.
  func run() throws(BackupError) -> Bool {
    var deadline = Deadline(milliseconds: Self.patience)
    var step = Deadline.firstPause
    while true {
      switch try pass() {
      case .finished:
        try finish()
        return true
      case .copied:
        limit = min(limit * 2, Self.mostRows)
        deadline = Deadline(milliseconds: Self.patience)
        step = Deadline.firstPause
      case .disturbed:
        guard !deadline.hasPassed else {
          throw BackupError("\(path): its writers left no moment to copy it in")
        }
        Deadline.pause(&step)
      case .changed: return false
      }
    }
  }

  private enum Pass {
    case copied, finished
    /// A write disturbed the pass, which copied nothing.
    case disturbed
    case changed
  }

  private func pass() throws(BackupError) -> Pass {
    do throws(StoreReadError) {
      let file = try openFile()
      guard file.unlocked != nil, file.identity == identity ?? file.identity else {
        return .changed
      }
      identity = file.identity
      file.connection.busyDeadline = Deadline(milliseconds: 50)
      guard let version = try file.version(), isCalm(file, version) else { return .disturbed }
      guard let plan else { return try begin(file, version) }
      return try copy(by: plan, file, version)
    } catch {
      guard error.isTransient else { throw BackupError(error) }
      return .disturbed
    }
  }

  /// Whether to read now. A writer that has been in its transaction for long, and has not written to
  /// the file, does no harm.
  private func isCalm(_ file: StoreFile, _ version: StoreFile.FileVersion) -> Bool {
    if file.isSafeToRead {
      busy = nil
      return true
    }
    guard let busy, busy.version == version else {
      busy = (Deadline(milliseconds: 50), version)
      return false
    }
    return busy.since.hasPassed && file.isReadable
  }

  private func openFile() throws(StoreReadError) -> StoreFile {
    if let file, file.isCurrent { return file }
    file = nil
    let opened = try StoreFile(path: path)
    file = opened
    return opened
  }

  private func begin(
    _ file: StoreFile, _ version: StoreFile.FileVersion
  ) throws(StoreReadError) -> Pass {
    let read: Result<RowCopyPlan, StoreReadError>
    do throws(StoreReadError) {
      read = .success(
        try file.connection.withSnapshot(milliseconds: 2000) { () throws(StoreReadError) in
          try RowCopyPlan(file.connection)
        })
    } catch {
      read = .failure(error)
    }
    guard file.confirms(version) else {
      // The read may have mixed old and new pages.
      self.file = nil
      return .disturbed
    }
    let plan = try read.get()
    do throws(StoreWriteError) {
      try target.execute("PRAGMA encoding = '\(plan.encoding)'; \(plan.table)")
    } catch {
      throw StoreReadError(.schema, error.message)
    }
    self.plan = plan
    return plan.highestID == nil ? .finished : .copied
  }

  /// Copies rows in a transaction of the target, and rolls it back if the file was written.
  private func copy(
    by plan: RowCopyPlan, _ file: StoreFile, _ version: StoreFile.FileVersion
  ) throws(StoreReadError) -> Pass {
    let copied: Result<(count: Int, last: Int64?), StoreReadError>
    try write("BEGIN")
    do throws(StoreReadError) {
      copied = .success(
        try file.connection.withSnapshot { () throws(StoreReadError) in
          try plan.copyRows(
            after: last, limit: limit, from: file.connection, to: target)
        })
    } catch {
      copied = .failure(error)
    }
    guard file.confirms(version) else {
      // SQLite's cache may mix old and new pages.
      self.file = nil
      try write("ROLLBACK")
      limit = max(limit / 2, Self.fewestRows)
      return .disturbed
    }
    guard case .success(let rows) = copied else {
      try write("ROLLBACK")
      _ = try copied.get()
      return .disturbed
    }
    try write("COMMIT")
    last = rows.last ?? last
    return rows.count == 0 || last == plan.highestID ? .finished : .copied
  }

  private func finish() throws(BackupError) {
    guard let plan else { return }
    try asBackup { () throws(StoreWriteError) in
      if let next = plan.highestIDEver {
        try target.execute(
          """
          DELETE FROM sqlite_sequence WHERE name = 'evidence' COLLATE NOCASE;
          INSERT INTO sqlite_sequence (name, seq) VALUES ('evidence', \(next))
          """)
      }
      for index in plan.indexes { try target.execute(index) }
    }
  }

  private func write(_ sql: String) throws(StoreReadError) {
    do throws(StoreWriteError) {
      try target.execute(sql)
    } catch {
      throw StoreReadError(.io, error.message)
    }
  }
}
