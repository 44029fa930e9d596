import CSQLite

/// The keys of the pushes that a store has accepted, in a table beside the rows. So each push is
/// written once, even if this process ends at any moment.
///
/// The table is created with the first accepted push.
struct ReceivedKeys {
  /// Seconds for which a key is kept.
  static let lifetime: Int64 = 24 * 3600
  static let limit: Int64 = 1_000_000
  static let table = "reflexive_receiver_keys"

  private let find: WritingStatement
  private let forget: WritingStatement
  private let insert: WritingStatement
  private let prune: WritingStatement

  /// Creates the table if it does not exist. Call it in a transaction.
  init(_ database: WritableDatabase) throws(ReceiveError) {
    do throws(StoreWriteError) {
      try database.execute(
        """
        CREATE TABLE IF NOT EXISTS \(Self.table) (
          id INTEGER PRIMARY KEY,
          key BLOB NOT NULL UNIQUE,
          body BLOB NOT NULL,
          first_id INTEGER,
          last_id INTEGER,
          evidence_rows INTEGER NOT NULL,
          rejected INTEGER,
          message TEXT,
          accepted INTEGER NOT NULL
        )
        """)
    } catch { throw ReceiveError(database) }
    find = try WritingStatement(
      database,
      """
      SELECT body, first_id, last_id, evidence_rows, rejected, message, accepted
      FROM \(Self.table) WHERE key = ?1
      """)
    forget = try WritingStatement(database, "DELETE FROM \(Self.table) WHERE key = ?1")
    insert = try WritingStatement(
      database,
      """
      INSERT INTO \(Self.table)
        (key, body, first_id, last_id, evidence_rows, rejected, message, accepted)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      """)
    // Ids are assigned in order and the oldest are deleted first, so the ids tell how many there
    // are.
    prune = try WritingStatement(
      database,
      """
      DELETE FROM \(Self.table) WHERE id IN (
        SELECT id FROM (SELECT id, accepted FROM \(Self.table) ORDER BY id LIMIT ?2)
        WHERE accepted <= ?1 OR id <= (SELECT max(id) FROM \(Self.table)) - \(Self.limit))
      """)
  }

  static func exists(in database: WritableDatabase) throws(ReceiveError) -> Bool {
    do throws(StoreWriteError) {
      return try !database.texts("SELECT name FROM sqlite_master WHERE name = '\(table)'").isEmpty
    } catch { throw ReceiveError(database) }
  }

  /// The outcome of an earlier push with this key; `nil` if there was none in the last day.
  func outcome(of key: ReceivedKey, at now: Int64) throws(ReceiveError) -> ReceivedOutcome? {
    find.bind(1, blob: key.name)
    defer { find.reset() }
    guard try find.step() else { return nil }
    guard find.integer(6) ?? 0 > now - Self.lifetime else {
      find.reset()
      forget.bind(1, blob: key.name)
      try forget.run()
      return nil
    }
    guard find.blob(0) == key.bodyDigest else { return .keyTaken }
    var receipt = ReceivedReceipt(ids: nil, rows: Int(find.integer(3) ?? 0))
    if let first = find.integer(1), let last = find.integer(2), first <= last {
      receipt.ids = first...last
    }
    if let rejected = find.integer(4), let message = find.text(5) {
      receipt.remark = ReceivedRemark(rejected: Int(rejected), message: message)
    }
    return .replayed(receipt)
  }

  func keep(
    _ key: ReceivedKey, _ receipt: ReceivedReceipt, at now: Int64
  ) throws(ReceiveError) {
    insert.bind(1, blob: key.name)
    insert.bind(2, blob: key.bodyDigest)
    insert.bind(3, receipt.ids?.lowerBound)
    insert.bind(4, receipt.ids?.upperBound)
    insert.bind(5, Int64(receipt.rows))
    insert.bind(6, receipt.remark.map { Int64($0.rejected) })
    insert.bind(7, copying: receipt.remark?.message)
    insert.bind(8, now)
    try insert.run()
  }

  /// Deletes expired and surplus keys: more than were added, but not all at once.
  func prune(added: Int, at now: Int64) throws(ReceiveError) {
    prune.bind(1, now - Self.lifetime)
    prune.bind(2, Int64(2 * added + 64))
    try prune.run()
  }
}
