import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

/// Passes that wait for nothing, and what tells whether a commit is still to come.
struct ReadingAtOnceTests {
  private func attempt(_ reader: Reader) -> EvidenceTail.Attempt {
    reader.tail.readBatchAtOnce(into: &reader.batch, limit: 1000)
  }

  @Test(arguments: ["delete", "wal"])
  func aFileThatIsNotOpenIsLeftToAPassThatMayWait(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    try store.append(2)
    let reader = Reader(store)
    #expect(attempt(reader) == .unprepared)
    #expect(try reader.ids() == [1, 2])
    try store.append(1)
    guard case .read(let pass, let check) = attempt(reader) else {
      Issue.record("nothing was read")
      return
    }
    #expect(reader.batch.rows.map(\.id) == [3] && pass.reachedEnd && pass.highestID == 3)
    #expect(check == (journal == "wal" ? .walOpen : .idle))
    #expect(attempt(reader) == .nothing(check))
  }

  @Test func aSchemaThatChangedIsLeftToAPassThatMayWait() throws {
    let store = try TemporaryStore()
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    try store.execute("ALTER TABLE evidence ADD COLUMN timestamp TEXT")
    #expect(attempt(reader) == .unprepared)
    #expect(try reader.pass().info.timeColumn.hasTimestamp)
  }

  @Test func aWriterWithoutAWALIsNotWaitedFor() throws {
    let store = try TemporaryStore()
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    try store.append(1)
    try store.execute("BEGIN IMMEDIATE")
    #expect(attempt(reader) == .locked)
    #expect(reader.batch.rows.isEmpty && reader.tail.position?.tailID == 1)
    try store.execute("ROLLBACK")
    guard case .read = attempt(reader) else {
      Issue.record("nothing was read")
      return
    }
    #expect(reader.batch.rows.map(\.id) == [2])
  }

  @Test func aPrunedTailAndABatchThatIsFullSayHowManyRowsThereAre() throws {
    let store = try TemporaryStore()
    try store.append(5)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3, 4, 5])
    try store.execute("DELETE FROM evidence WHERE id = 5")
    let pruned = try reader.pass()
    #expect(pruned.highestID == 4 && pruned.reset == nil && pruned.reachedEnd)
    try store.append(3)
    let part = try reader.pass(limit: 2)
    #expect(part.highestID == 8 && part.tailID == 7 && part.backlog == 1)
  }

  /// Its events have been told of already when the commit can be seen.
  @Test func aTransactionOfAnotherProcessOnTheWALShowsUntilItIsOver() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1] && reader.tail.check() == .walOpen)
    let (input, output) = (Pipe(), Pipe())
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    writer.arguments = ["python3", "-c", Self.script, store.path]
    (writer.standardInput, writer.standardOutput) = (input, output)
    try writer.run()
    #expect(output.fileHandleForReading.availableData == Data("begun\n".utf8))
    #expect(reader.tail.check() == .writing)
    try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
    writer.waitUntilExit()
    #expect(reader.tail.check() == .changed)
    #expect(try reader.ids() == [2] && reader.tail.check() == .walOpen)
  }

  @Test func aWriterOfThisProcessMayAlwaysBeAtWork() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    let reader = Reader(store)
    let writer = try EvidenceWriter(path: store.path)
    #expect(try reader.ids() == [1] && reader.tail.check() == .writing)
    try writer.append([NewEvidenceRow(event: "note", payload: "{}", ts: "")])
    #expect(reader.tail.check() == .changed)
  }

  private static let script = """
    import sqlite3, sys
    writer = sqlite3.connect(sys.argv[1], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO evidence (event, payload) VALUES ('note', '{}')")
    sys.stdout.write("begun\\n")
    sys.stdout.flush()
    sys.stdin.readline()
    writer.execute("COMMIT")
    """
}
