import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

@Suite(.serialized)
struct UTF16Tests {
  @Test(arguments: ["UTF-16le", "UTF-16be"])
  func utf16TextIsReadAsUTF8(encoding: String) throws {
    let store = try TemporaryStore(encoding: encoding)
    #expect(try store.value("PRAGMA encoding") == encoding)
    try store.append(1, event: "é漢🦊", agent: "Ω")
    let reader = Reader(store)
    _ = try reader.pass()
    let row = try #require(reader.batch.rows.first)
    #expect(reader.text(row.event) == "é漢🦊")
    #expect(reader.text(row.payload) == #"{"agent": "Ω", "n": 1}"#)
    #expect(reader.text(row.ts) == TemporaryStore.timestamp)
    #expect(try reader.pass().reset == nil)
  }

  /// In UTF-16, `x` takes twice as many bytes as in UTF-8, and `漢` two thirds as many.
  @Test(arguments: ["x", "漢", "é", "🦊"])
  func theLimitIsInBytesOfUTF8(character: String) throws {
    let store = try TemporaryStore(encoding: "UTF-16le")
    let limit = 12_000
    let count = limit / character.utf8.count
    for count in [count, count + 1] {
      let payload = String(repeating: character, count: count)
      try store.execute("INSERT INTO evidence (event, payload) VALUES ('note', '\(payload)')")
    }
    let reader = Reader(store, payloadLimit: limit)
    _ = try reader.pass()
    let counts = reader.batch.rows.map { reader.text($0.payload)?.utf8.count }
    #expect(counts == [limit, nil])
  }
}
