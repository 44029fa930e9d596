import CSQLite
import Glibc
import LinuxSystem
package import ReflexiveCore

/// Writes pushes to one store, several of them in one transaction.
///
/// It is one more writer of the database: it waits for others and holds no transaction for long. It
/// creates neither a database nor a table of evidence.
package final class ReceivingDatabase {
  /// How many milliseconds to wait for other writers.
  private static let busyMilliseconds: Int32 = 2000
  /// After this many milliseconds, a transaction takes no further push.
  private static let transactionMilliseconds: Int64 = 50

  private let database: WritableDatabase
  private let identity: FileIdentity
  private var insertion: (columns: [String], statements: RowInsertion)?
  private var keys: ReceivedKeys?

  /// Opens an existing database, without reading it.
  package init(path: String) throws(ReceiveError) {
    guard let status = try? FileStatus(of: path) else {
      throw ReceiveError(.missing, "\(path): there is no such file")
    }
    // SQLite gives the files beside a database the permissions of its file, but its owner only if
    // root runs it. Otherwise the owner could be unable to open them.
    let user = geteuid()
    guard user == 0 || user == status.owner else {
      throw ReceiveError(
        .readOnly,
        "\(path): it belongs to user \(status.owner); run the exporter as that user to receive")
    }
    identity = status.identity
    do throws(StoreWriteError) {
      database = try WritableDatabase(
        path: path, creates: false, busyMilliseconds: Self.busyMilliseconds)
      // With a rollback journal, only EXTRA makes sure that a commit survives a power cut.
      try database.execute("PRAGMA synchronous = EXTRA")
    } catch { throw ReceiveError(error) }
  }

  /// Whether the path still names the open file.
  package var isCurrent: Bool { (try? FileStatus(of: database.path))?.identity == identity }

  /// Writes pushes in one transaction, which is on disk when this returns. It waits for other
  /// writers.
  ///
  /// - Returns: the outcomes of the pushes, in order: at least the first, but perhaps not all, if
  ///   they take long.
  package func write(
    _ batches: [ReceivedBatch], now: UnixTime
  ) throws(ReceiveError) -> [ReceivedOutcome] {
    try execute("BEGIN IMMEDIATE")
    do throws(ReceiveError) {
      let outcomes = try writeInTransaction(batches, now: now)
      let isChanged = outcomes.contains { if case .written = $0 { true } else { false } }
      try execute(isChanged ? "COMMIT" : "ROLLBACK")
      return outcomes
    } catch {
      // The prepared statements may refer to a table that no longer exists.
      (insertion, keys) = (nil, nil)
      try? execute("ROLLBACK")
      throw error
    }
  }

  private func writeInTransaction(
    _ batches: [ReceivedBatch], now: UnixTime
  ) throws(ReceiveError) -> [ReceivedOutcome] {
    let insertion = try currentInsertion()
    if keys != nil, try !ReceivedKeys.exists(in: database) { keys = nil }
    if keys == nil, try ReceivedKeys.exists(in: database) { keys = try ReceivedKeys(database) }
    let second = Int64(max(min(now.seconds, 1e15), 0))
    let end = Deadline(milliseconds: Self.transactionMilliseconds)
    var outcomes: [ReceivedOutcome] = []
    var added = 0
    for batch in batches where outcomes.isEmpty || !end.hasPassed {
      let outcome = try write(batch, insertion, at: second)
      if case .written = outcome, batch.key != nil { added += 1 }
      outcomes.append(outcome)
    }
    if added > 0 { try keys?.prune(added: added, at: second) }
    return outcomes
  }

  private func write(
    _ batch: ReceivedBatch, _ insertion: RowInsertion, at second: Int64
  ) throws(ReceiveError) -> ReceivedOutcome {
    if let key = batch.key, let outcome = try keys?.outcome(of: key, at: second) { return outcome }
    let keysBefore = keys
    try execute("SAVEPOINT push")
    var receipt = ReceivedReceipt(ids: nil, rows: batch.rows.count, remark: batch.remark)
    do throws(ReceiveError) {
      receipt.ids = try insertion.insert(batch)
      if let key = batch.key {
        try currentKeys().keep(key, receipt, at: second)
      }
    } catch {
      guard error.kind == .refused else { throw error }
      try execute("ROLLBACK TO push")
      try execute("RELEASE push")
      // The rollback removed a table of keys that this push created.
      keys = keysBefore
      return .refused(error.description)
    }
    try execute("RELEASE push")
    return .written(receipt)
  }

  private func currentKeys() throws(ReceiveError) -> ReceivedKeys {
    if let keys { return keys }
    let made = try ReceivedKeys(database)
    keys = made
    return made
  }

  /// The statements for the columns that the table has now.
  private func currentInsertion() throws(ReceiveError) -> RowInsertion {
    let columns = try reading { () throws(StoreWriteError) in
      try EvidenceSchema.columnNames(database)
    }
    if let insertion, insertion.columns == columns { return insertion.statements }
    try reading { () throws(StoreWriteError) in
      guard !columns.isEmpty else {
        throw StoreWriteError("\(database.path): there is no table evidence")
      }
      try EvidenceSchema.check(columns, database)
    }
    let statements = try RowInsertion(
      database, timeColumns: EvidenceSchema.timeColumns(among: columns))
    insertion = (columns, statements)
    return statements
  }

  private func reading<Result>(
    _ body: () throws(StoreWriteError) -> Result
  ) throws(ReceiveError) -> Result {
    do throws(StoreWriteError) { return try body() } catch {
      let failure = ReceiveError(database)
      throw failure.kind == .other ? ReceiveError(error) : failure
    }
  }

  private func execute(_ sql: String) throws(ReceiveError) {
    do throws(StoreWriteError) { try database.execute(sql) } catch {
      throw ReceiveError(database)
    }
  }
}
