import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

@Suite(.serialized) struct LargePayloadTests {
  @Test func aPayloadAtTheLimitIsReadAndOneByteMoreIsNot() throws {
    for limit in [10, 3000, 5000, 100_000] {
      let store = try TemporaryStore()
      for count in [limit - 1, limit, limit + 1] { try append(store, bytes: count) }
      let reader = Reader(store, payloadLimit: limit)
      _ = try reader.pass()
      let counts = reader.batch.rows.map { reader.text($0.payload)?.utf8.count }
      #expect(counts == [limit - 1, limit, nil])
      #expect(reader.batch.rows.last?.payload == .tooLarge)
    }
  }

  @Test func theRestOfTheRowAndTheNextRowsAreRead() throws {
    let store = try TemporaryStore(timeColumns: .both)
    try store.append(1)
    try append(store, bytes: 50_000)
    try append(store, bytes: 50_000)
    try store.append(1)
    let reader = Reader(store, payloadLimit: 20_000)
    let pass = try reader.pass()
    #expect(reader.batch.rows.map(\.id) == [1, 2, 3, 4])
    let row = reader.batch.rows[1]
    #expect(reader.text(row.event) == "note")
    #expect(reader.text(row.ts) == "then")
    #expect(reader.text(row.timestamp) == nil)
    #expect(row.payload == .tooLarge)
    #expect(pass.tailID == 4)
  }

  @Test func theLimitOfAPassCountsLargeRowsToo() throws {
    let store = try TemporaryStore()
    for _ in 1...4 { try append(store, bytes: 50_000) }
    let reader = Reader(store, payloadLimit: 20_000)
    #expect(try reader.ids(limit: 3) == [1, 2, 3])
    #expect(try reader.ids(limit: 3) == [4])
    #expect(try reader.pass().reset == nil)
  }

  @Test(arguments: ["event", "ts"])
  func otherColumnsMayBeTooLarge(column: String) throws {
    let store = try TemporaryStore()
    try store.append(1)
    try store.execute("UPDATE evidence SET \(column) = hex(zeroblob(25000))")
    let reader = Reader(store, payloadLimit: 20_000)
    _ = try reader.pass()
    let row = try #require(reader.batch.rows.first)
    #expect((column == "event" ? row.event : row.ts) == .tooLarge)
    #expect(reader.text(row.payload) == #"{"agent": "agent", "n": 1}"#)
  }

  @Test func blobsHaveTheSameLimit() throws {
    let store = try TemporaryStore()
    try store.append(1)
    try store.execute("UPDATE evidence SET payload = zeroblob(20001)")
    let reader = Reader(store, payloadLimit: 20_000)
    _ = try reader.pass()
    #expect(reader.batch.rows.first?.payload == .tooLarge)
  }

  /// Takes the least of three, because other tests use the disk and the caches at the same time.
  @Test func noTransactionIsHeldForTenthsOfASecondWhileHugePayloadsPass() throws {
    let store = try TemporaryStore(journal: "wal")
    for _ in 1...5 {
      try store.execute(
        "INSERT INTO evidence (event, payload, ts) VALUES ('note', zeroblob(100000000), 'then')")
      try store.append(1)
    }
    let longest = try (1...3).map { _ in
      let reader = Reader(store)
      var ids: [Int64] = []
      while ids.last != 10 { ids += try reader.ids() }
      #expect(ids == Array(1...10))
      return reader.tail.longestTransaction
    }
    let least = try #require(longest.min())
    #expect(least > .zero && least < .milliseconds(100))
  }

  @Test func aHugePayloadIsNotLoaded() throws {
    for journal in ["delete", "wal"] {
      let store = try TemporaryStore(journal: journal)
      try store.execute(
        "INSERT INTO evidence (event, payload, ts) VALUES ('note', zeroblob(100000000), 'then')")
      let reader = Reader(store)
      let bytes = try TemporaryStore.memoryPeak {
        _ = try reader.pass()
      }
      #expect(reader.batch.rows.map(\.payload) == [.tooLarge])
      #expect(reader.text(reader.batch.rows.first?.ts) == "then")
      #expect(try reader.pass().reset == nil)
      #expect(bytes < 50_000_000)
    }
  }

  @Test func aSchemaLongerThanTheLimitIsRead() throws {
    let store = try TemporaryStore()
    try store.execute("CREATE TABLE other (a /* \(String(repeating: "x", count: 20_000)) */)")
    try store.append(1)
    let reader = Reader(store, payloadLimit: 100)
    #expect(try reader.ids() == [1])
  }

  private func append(_ store: TemporaryStore, bytes: Int) throws {
    let time = store.timeColumns.names.first ?? "ts"
    try store.execute(
      """
      INSERT INTO evidence (event, payload, \(time))
      VALUES ('note', substr(hex(zeroblob(\(bytes))), 1, \(bytes)), 'then')
      """)
  }
}
