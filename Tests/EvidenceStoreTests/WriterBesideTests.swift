import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

/// A writer in another process that waits for no lock, beside a reader that reads all the time.
struct WriterBesideTests {
  enum Style: String, CaseIterable, Sendable {
    case keepsItsConnection
    case opensAndClosesForEveryTransaction
  }

  @Test(arguments: ["delete", "wal"], Style.allCases)
  func theWriterNeverFailsAndEveryCommittedRowIsReadOnce(journal: String, style: Style) throws {
    let store = try TemporaryStore(journal: journal)
    store.close()
    let output = Pipe()
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    writer.arguments = ["python3", "-c", Self.script, store.path, style.rawValue]
    writer.standardOutput = output
    try writer.run()
    let reader = Reader(store)
    var read: [Int64] = []
    while writer.isRunning {
      guard let pass = try? reader.pass(limit: 50) else { continue }
      #expect(pass.reset == nil)
      read += reader.batch.rows.map(\.id)
    }
    let report = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(report == "locked 0\n")
    repeat { read += try reader.ids() } while !reader.batch.rows.isEmpty
    let committed = try store.value(
      "SELECT group_concat(id) FROM (SELECT id FROM evidence ORDER BY id)")
    #expect(read.map(String.init).joined(separator: ",") == committed)
  }

  /// It commits and rolls back, and spills uncommitted pages to the file in between.
  private static let script = """
    import random, sqlite3, sys
    path, style = sys.argv[1:]
    source = random.Random(1)
    def connect():
        writer = sqlite3.connect(path, timeout=0, isolation_level=None)
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("PRAGMA synchronous = OFF")
        return writer
    writer, locked = connect(), 0
    for turn in range(400):
        try:
            if style == "opensAndClosesForEveryTransaction":
                writer.close()
                writer = connect()
            writer.execute("BEGIN")
            for _ in range(source.choice([1, 2, 30, 200])):
                writer.execute("INSERT INTO evidence (event, payload) VALUES ('note', ?)", ("x" * 300,))
            writer.execute(source.choice(["COMMIT", "COMMIT", "ROLLBACK"]))
        except sqlite3.OperationalError:
            locked += 1
            if writer.in_transaction:
                writer.execute("ROLLBACK")
    print("locked", locked)
    """
}
