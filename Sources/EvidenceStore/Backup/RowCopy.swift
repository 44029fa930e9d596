import LinuxSystem

/// Copies the table `evidence`, its indexes and its next id. It copies rows in order of id, so the
/// copy is a prefix of the table at every moment.
///
/// A pass counts only if no write has changed what it read: see ``CommittedReader``.
final class RowCopy {
  private static let mostRows = 4000
  private static let fewestRows = 16
  /// How many milliseconds to wait for a moment without a writer.
  private static let patience: Int64 = 60_000

  private let path: String
  private let target: WritableDatabase
  private var reader: CommittedReader?
  private var identity: FileIdentity?
  private var start: Start?
  private var last: Int64?
  private var limit = mostRows

  /// What was read before the first row.
  private struct Start {
    var plan: RowCopyPlan
    var schemaCookie: UInt32
    var ids: HighestIDs
  }

  init(of path: String, to destination: String) throws(BackupError) {
    self.path = path
    target = try asBackup { () throws(StoreWriteError) in
      let target = try WritableDatabase(path: destination, creates: false)
      try target.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
      return target
    }
  }

  /// - Returns: `false` if the database now has a WAL or another schema, or the path names another
  ///   file.
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
          throw BackupError("\(path): its writers left no moment in which to copy it")
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
      guard let reader = try openReader() else { return .changed }
      guard let start else { return try begin(reader) }
      guard reader.schemaCookie == start.schemaCookie else { return .changed }
      guard let highest = start.ids.inTable else { return .finished }
      return try copy(by: start.plan, upTo: highest, reader)
    } catch {
      guard error.isTransient else { throw BackupError(error) }
      return .disturbed
    }
  }

  /// Returns `nil` if the database now has a WAL, or the path names another file.
  private func openReader() throws(StoreReadError) -> CommittedReader? {
    if let reader, reader.file.isCurrent { return reader }
    reader = nil
    let file = try StoreFile(path: path)
    guard file.identity == identity ?? file.identity else { return nil }
    identity = file.identity
    reader = CommittedReader(file)
    return reader
  }

  private func begin(_ reader: CommittedReader) throws(StoreReadError) -> Pass {
    let connection = reader.file.connection
    let cookie = reader.schemaCookie
    guard
      let plan = try reader.read(
        milliseconds: 2000, { () throws(StoreReadError) in try RowCopyPlan(connection) }),
      let ids = try? HighestIDs(connection)
    else {
      // SQLite may have loaded a schema that was not committed.
      self.reader = nil
      return .disturbed
    }
    do throws(StoreWriteError) {
      try target.execute("PRAGMA encoding = '\(plan.encoding)'; \(plan.table)")
    } catch {
      throw StoreReadError(.schema, error.message)
    }
    start = Start(plan: plan, schemaCookie: cookie, ids: ids)
    return .copied
  }

  /// Copies rows in a transaction of the target, and rolls it back if a write disturbed the read.
  private func copy(
    by plan: RowCopyPlan, upTo highest: Int64, _ reader: CommittedReader
  ) throws(StoreReadError) -> Pass {
    let copied: (count: Int, last: Int64?)?
    try write("BEGIN")
    do throws(StoreReadError) {
      copied = try reader.read { () throws(StoreReadError) in
        try plan.copyRows(
          after: last, upTo: highest, limit: limit, from: reader.file.connection, to: target)
      }
    } catch {
      try write("ROLLBACK")
      throw error
    }
    guard let copied else {
      try write("ROLLBACK")
      limit = max(limit / 2, Self.fewestRows)
      return .disturbed
    }
    try write("COMMIT")
    last = copied.last ?? last
    return copied.count == 0 || last == highest ? .finished : .copied
  }

  private func finish() throws(BackupError) {
    guard let start else { return }
    try asBackup { () throws(StoreWriteError) in
      if let next = start.ids.ever {
        try target.execute(
          """
          DELETE FROM sqlite_sequence WHERE name = 'evidence' COLLATE NOCASE;
          INSERT INTO sqlite_sequence (name, seq) VALUES ('evidence', \(max(next, last ?? next)))
          """)
      }
      for index in start.plan.indexes { try target.execute(index) }
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
