import Foundation
import ReflexiveCore
import TestSupport
import Testing

@testable import EvidenceStore

/// What is pushed is there once, all of it or none.
struct ReceivingDatabaseTests {
  private static let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)

  /// Rows of one event, each with its payload.
  private func batch(_ payloads: [String], key: String? = nil, body: String? = nil) -> ReceivedBatch
  {
    var bytes = Array("note".utf8)
    var rows: [ReceivedBatch.Row] = []
    for payload in payloads {
      rows.append(
        ReceivedBatch.Row(
          payload: ByteRange(offset: bytes.count, count: payload.utf8.count),
          event: ByteRange(offset: 0, count: 4), time: Self.now))
      bytes += payload.utf8
    }
    let digest = Array((body ?? payloads.joined()).utf8)
    return ReceivedBatch(
      bytes: bytes, rows: rows,
      key: key.map { ReceivedKey(name: Array($0.utf8), bodyDigest: digest) })
  }

  private func written(_ first: Int64, _ last: Int64) -> ReceivedOutcome {
    .written(ReceivedReceipt(ids: first...last, rows: Int(last - first) + 1))
  }

  @Test(arguments: ["delete", "wal"], TemporaryStore.TimeColumns.allCases.dropLast())
  func rowsAreWrittenAsTheyCame(
    journal: String, columns: TemporaryStore.TimeColumns
  ) throws {
    let store = try TemporaryStore(timeColumns: columns, journal: journal)
    let database = try ReceivingDatabase(path: store.path)
    let outcomes = try database.write([batch(["{}", "{\"a\":1}"]), batch(["[]"])], now: Self.now)
    #expect(outcomes == [written(1, 2), written(3, 3)])
    #expect(try store.value("SELECT group_concat(payload, ' ') FROM evidence") == "{} {\"a\":1} []")
    #expect(try store.value("SELECT DISTINCT event FROM evidence") == "note")
    for name in columns.names {
      #expect(
        try store.value("SELECT DISTINCT \(name) FROM evidence") == "2027-01-15T08:00:00.000000Z")
    }
  }

  @Test func aKeyIsTakenOnceWhateverIsOpenedAnew() throws {
    let store = try TemporaryStore()
    let first = batch(["{}"], key: "k")
    let receipt = ReceivedReceipt(ids: 1...1, rows: 1)
    #expect(
      try ReceivingDatabase(path: store.path).write([first, first], now: Self.now)
        == [.written(receipt), .replayed(receipt)])
    let again = try ReceivingDatabase(path: store.path)
    let other = batch(["{}", "{}"], key: "k")
    #expect(try again.write([first, other], now: Self.now) == [.replayed(receipt), .keyTaken])
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
  }

  @Test func aKeyIsForgottenAfterADay() throws {
    let store = try TemporaryStore()
    let database = try ReceivingDatabase(path: store.path)
    let push = batch(["{}"], key: "k")
    _ = try database.write([push], now: Self.now)
    let almost = Self.now.advanced(by: 86_399)
    #expect(
      try database.write([push], now: almost)
        == [.replayed(ReceivedReceipt(ids: 1...1, rows: 1))])
    #expect(try database.write([push], now: Self.now.advanced(by: 86_400)) == [written(2, 2)])
    _ = try database.write([batch(["{}"], key: "new")], now: Self.now.advanced(by: 200_000))
    #expect(try store.value("SELECT count(*) FROM \(ReceivedKeys.table)") == "1")
  }

  @Test func atMostAMillionKeysAreKeptAndTheOldestGoFirst() throws {
    let store = try TemporaryStore()
    let database = try ReceivingDatabase(path: store.path)
    _ = try database.write([batch(["{}"], key: "a")], now: Self.now)
    try store.execute(
      """
      INSERT INTO \(ReceivedKeys.table) (id, key, body, evidence_rows, accepted)
      SELECT 1000000, x'00', x'00', 0, 1800000000
      """)
    _ = try database.write([batch(["{}"], key: "b")], now: Self.now)
    #expect(try store.value("SELECT min(id) FROM \(ReceivedKeys.table)") == "1000000")
  }

  @Test func nothingButAnAcceptedPushMakesTheTableOfKeys() throws {
    let store = try TemporaryStore()
    try store.execute(
      "CREATE TRIGGER no BEFORE INSERT ON evidence BEGIN SELECT RAISE(ABORT, 'no'); END")
    let before = try Data(contentsOf: URL(fileURLWithPath: store.path))
    let database = try ReceivingDatabase(path: store.path)
    let outcomes = try database.write([batch(["{}"], key: "k")], now: Self.now)
    guard case .refused(let reason)? = outcomes.first else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(reason.contains("no"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: store.path)) == before)
  }

  @Test func aPushThatTheTableRefusesLeavesTheOthers() throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      CREATE TRIGGER no BEFORE INSERT ON evidence WHEN new.payload = '"bad"'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    let database = try ReceivingDatabase(path: store.path)
    let outcomes = try database.write(
      [
        batch(["{}"], key: "a"), batch(["{}", "\"bad\""], key: "b"), batch(["[]"], key: "c"),
      ], now: Self.now)
    guard outcomes.count == 3, case .refused = outcomes[1] else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(try store.value("SELECT group_concat(payload) FROM evidence") == "{},[]")
    #expect(try store.value("SELECT count(*) FROM \(ReceivedKeys.table)") == "2")
  }

  @Test func aRowThatATriggerDropsRefusesThePush() throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      CREATE TRIGGER no BEFORE INSERT ON evidence WHEN new.payload = '"bad"'
      BEGIN SELECT RAISE(IGNORE); END
      """)
    let database = try ReceivingDatabase(path: store.path)
    let many = Array(repeating: "{}", count: 30)
    for payloads in [["\"bad\""], ["{}", "\"bad\""], many + ["\"bad\""] + many] {
      let outcomes = try database.write([batch(payloads, key: "k")], now: Self.now)
      guard case .refused? = outcomes.first else {
        Issue.record("\(outcomes)")
        continue
      }
    }
    #expect(try store.value("SELECT count(*) FROM evidence") == "0")
    #expect(try database.write([batch(many, key: "k")], now: Self.now) == [written(1, 30)])
  }

  @Test func afterARefusedPushAKnownKeyIsStillKnown() throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      CREATE TRIGGER no BEFORE INSERT ON evidence WHEN new.payload = '"bad"'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    let database = try ReceivingDatabase(path: store.path)
    let known = batch(["{}"], key: "a")
    _ = try database.write([known], now: Self.now)
    let outcomes = try database.write([batch(["\"bad\""], key: "b"), known], now: Self.now)
    #expect(outcomes.last == .replayed(ReceivedReceipt(ids: 1...1, rows: 1)))
  }

  @Test func whatCannotBeWrittenSaysWhy() throws {
    #expect(throws: ReceiveError.self) { try ReceivingDatabase(path: "/nowhere/a.db") }
    let store = try TemporaryStore()
    try store.execute("BEGIN IMMEDIATE")
    let locked = #expect(throws: ReceiveError.self) {
      _ = try ReceivingDatabase(path: store.path).write([batch(["{}"])], now: Self.now)
    }
    #expect(locked?.kind == .locked)
    try store.execute("ROLLBACK; PRAGMA max_page_count = 3")
    try store.execute("DROP TABLE evidence; CREATE TABLE other (a)")
    let other = #expect(throws: ReceiveError.self) {
      _ = try ReceivingDatabase(path: store.path).write([batch(["{}"])], now: Self.now)
    }
    #expect(other?.kind == .other)
    #expect(other?.description.contains("there is no table evidence") == true)
  }

  @Test func aReplacedFileIsNoticedAndATableMadeAnewIsWrittenTo() throws {
    let store = try TemporaryStore()
    let database = try ReceivingDatabase(path: store.path)
    _ = try database.write([batch(["{}"], key: "k")], now: Self.now)
    try store.execute("DROP TABLE evidence; DROP TABLE \(ReceivedKeys.table)")
    try store.createTable()
    try store.execute("ALTER TABLE evidence ADD COLUMN timestamp TEXT")
    #expect(try database.write([batch(["{}"], key: "k")], now: Self.now) == [written(1, 1)])
    #expect(try store.value("SELECT timestamp FROM evidence")?.isEmpty == false)
    #expect(database.isCurrent)
    store.close()
    try FileManager.default.copyItem(atPath: store.path, toPath: store.path + ".new")
    try FileManager.default.removeItem(atPath: store.path)
    try FileManager.default.moveItem(atPath: store.path + ".new", toPath: store.path)
    #expect(!database.isCurrent)
  }
}
