import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

/// Pages are read ahead of the rows. A row still comes from what the file holds when the row is
/// read.
struct ReadAheadTests {
  private func fill(_ store: TemporaryStore, rows: Int) throws {
    try store.execute(
      """
      INSERT INTO evidence (event, payload)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
      SELECT 'note', 'old ' || i || printf('%.*c', 300, '.') FROM n
      """)
  }

  private func payloads(_ reader: Reader) -> [String] {
    reader.batch.rows.compactMap { reader.text($0.payload)?.split(separator: ".").first }
      .map(String.init)
  }

  @Test func aCommitBetweenTwoPassesIsSeenByTheSecond() throws {
    let store = try TemporaryStore()
    try fill(store, rows: 400)
    let reader = Reader(store)
    #expect(try reader.ids(limit: 80) == Array(1...80))
    try store.execute("UPDATE evidence SET payload = replace(payload, 'old', 'new') WHERE id > 80")
    #expect(try reader.ids(limit: 80) == Array(81...160))
    #expect(payloads(reader) == (81...160).map { "new \($0)" })
  }

  @Test(arguments: [512, 1024, 4096, 65536])
  func everyRowIsReadAtEveryPageSize(pageSize: Int) throws {
    let store = try TemporaryStore()
    try store.execute("PRAGMA page_size = \(pageSize); VACUUM")
    try fill(store, rows: 3000)
    let reader = Reader(store)
    var found: [String] = []
    repeat {
      _ = try reader.pass(limit: 700)
      found += payloads(reader)
    } while !reader.batch.rows.isEmpty
    #expect(found == (1...3000).map { "old \($0)" })
  }

  @Test func aFileThatShrankIsReadToItsNewEnd() throws {
    let store = try TemporaryStore()
    try fill(store, rows: 1000)
    let reader = Reader(store)
    #expect(try reader.ids(limit: 80) == Array(1...80))
    try store.execute("DELETE FROM evidence WHERE id > 200; VACUUM")
    var ids: [Int64] = []
    repeat { ids += try reader.ids() } while !reader.batch.rows.isEmpty
    #expect(ids == Array(81...200))
  }
}
