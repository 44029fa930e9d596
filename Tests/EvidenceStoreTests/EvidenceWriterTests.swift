import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct EvidenceWriterTests {
  private let row = NewEvidenceRow(event: "note", payload: #"{"agent": "a'b"}"#, ts: "then")

  @Test(arguments: [true, false])
  func aStoreIsCreatedOnceAndWritten(wal: Bool) throws {
    let temporary = try TemporaryStore()
    let path = temporary.directory + "/new ?.db"
    try EvidenceWriter.createStore(at: path, wal: wal)
    try EvidenceWriter.createStore(at: path)
    let writer = try EvidenceWriter(path: path)
    #expect(try writer.append([row, row]) == 2)
    try EvidenceWriter.createStore(at: path)
    let reader = Reader(path: path)
    let pass = try reader.pass()
    #expect(pass.info.journalMode == (wal ? "wal" : "delete"))
    #expect(reader.batch.rows.map(\.id) == [1, 2])
    #expect(reader.text(reader.batch.rows[0].payload) == row.payload)
    #expect(reader.text(reader.batch.rows[0].ts) == "then")
  }

  @Test(arguments: TemporaryStore.TimeColumns.allCases)
  func theTimeGoesIntoTheTimeColumnsOfTheTable(columns: TemporaryStore.TimeColumns) throws {
    let store = try TemporaryStore(timeColumns: columns)
    try EvidenceWriter(path: store.path).append([row])
    let reader = Reader(store)
    _ = try reader.pass()
    let read = try #require(reader.batch.rows.first)
    #expect(reader.text(read.ts) == (columns.names.contains("ts") ? "then" : nil))
    #expect(reader.text(read.timestamp) == (columns.names.contains("timestamp") ? "then" : nil))
  }

  @Test func aRowThatFailsRollsBackTheOthers() throws {
    let store = try TemporaryStore()
    try store.execute("CREATE UNIQUE INDEX i ON evidence (payload)")
    let writer = try EvidenceWriter(path: store.path)
    #expect(throws: StoreWriteError.self) { try writer.append([row, row]) }
    #expect(try store.value("SELECT count(*) FROM evidence") == "0")
    #expect(try writer.append([row]) == 1)
  }

  @Test func writingDoesNotCreateAMissingStore() throws {
    let store = try TemporaryStore()
    let path = store.directory + "/absent.db"
    #expect(throws: StoreWriteError.self) { try EvidenceWriter(path: path) }
    #expect(!FileManager.default.fileExists(atPath: path))
    try store.execute("DROP TABLE evidence")
    #expect(throws: StoreWriteError.self) { try EvidenceWriter(path: store.path) }
  }

  @Test func aDifferentTableIsAnErrorThatSaysHowItDiffers() throws {
    let store = try TemporaryStore()
    try store.execute("DROP TABLE evidence; CREATE TABLE evidence (id TEXT PRIMARY KEY, event)")
    let error = #expect(throws: StoreWriteError.self) {
      try EvidenceWriter.createStore(at: store.path)
    }
    let message = try #require(error?.message)
    #expect(message.contains("lacks payload"))
    #expect(message.contains("lacks ts"))
    #expect(message.contains("primary key"))
  }

  @Test func aFileThatIsNoDatabaseStaysAsItIs() throws {
    let store = try TemporaryStore()
    let path = store.directory + "/text"
    let text = Data(String(repeating: "text", count: 300).utf8)
    try text.write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreWriteError.self) { try EvidenceWriter.createStore(at: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
  }
}
