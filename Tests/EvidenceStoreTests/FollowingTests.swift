import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct FollowingTests {
  @Test(arguments: ["delete", "truncate", "persist", "memory", "wal"])
  func everyCommittedRowIsReadOnceInOrder(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    let reader = Reader(store)
    #expect(try reader.ids() == [])
    try store.append(3)
    #expect(try reader.ids() == [1, 2, 3])
    #expect(try reader.ids() == [])
    try store.append(2)
    #expect(try reader.ids() == [4, 5])
  }

  @Test func rowsCarryTheirColumns() throws {
    let store = try TemporaryStore(timeColumns: .both)
    try store.execute(
      """
      INSERT INTO evidence VALUES (1, 'note', '{"a": 1}', 'then', 5), (2, NULL, x'00ff', NULL, NULL)
      """)
    let reader = Reader(store)
    let pass = try reader.pass()
    let row = try #require(reader.batch.rows.first)
    #expect(reader.text(row.event) == "note")
    #expect(reader.text(row.payload) == #"{"a": 1}"#)
    #expect(reader.text(row.ts) == "then")
    #expect(reader.text(row.timestamp) == "5")
    let other = try #require(reader.batch.rows.last)
    #expect(other.event == .null)
    guard case .blob(let range) = other.payload else { throw UnexpectedValue(other.payload) }
    #expect(Array(reader.batch.bytes[range.offset..<range.offset + range.count]) == [0, 255])
    #expect(pass.tailID == 2)
    #expect(pass.highestID == 2)
    #expect(pass.reset == nil)
    #expect(pass.reachedEnd)
  }

  @Test func numbersKeepTheirStorageClass() throws {
    let store = try TemporaryStore(timeColumns: .none)
    try store.execute("ALTER TABLE evidence ADD COLUMN ts")
    try store.execute(
      "INSERT INTO evidence (event, payload, ts) VALUES ('a', 'b', 7), ('a', 'b', 1.5)")
    let reader = Reader(store)
    _ = try reader.pass()
    #expect(reader.batch.rows.map(\.ts) == [.integer(7), .real(1.5)])
  }

  @Test func everyRangeIsFollowedByNUL() throws {
    let store = try TemporaryStore()
    try store.append(2)
    let reader = Reader(store)
    _ = try reader.pass()
    for row in reader.batch.rows {
      guard case .text(let range) = row.payload else { throw UnexpectedValue(row.payload) }
      #expect(reader.batch.bytes[range.offset + range.count] == 0)
    }
  }

  @Test func aPassStopsAtItsLimit() throws {
    let store = try TemporaryStore()
    try store.append(5)
    let reader = Reader(store)
    let first = try reader.pass(limit: 2)
    #expect(reader.batch.rows.map(\.id) == [1, 2])
    #expect(!first.reachedEnd)
    #expect(first.backlog == 3)
    #expect(try reader.ids(limit: 2) == [3, 4])
    let last = try reader.pass(limit: 2)
    #expect(reader.batch.rows.map(\.id) == [5])
    #expect(last.reachedEnd)
    #expect(last.backlog == 0)
  }

  @Test func aPassThatTakesTheLastRowReachesTheEnd() throws {
    let store = try TemporaryStore()
    try store.append(2)
    let reader = Reader(store)
    #expect(try reader.pass(limit: 2).reachedEnd)
  }

  @Test func aPassStopsAtFourMebibytes() throws {
    let store = try TemporaryStore()
    let megabyte = 1_000_000
    try store.execute(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
      INSERT INTO evidence (event, payload) SELECT 'note', hex(zeroblob(\(megabyte / 2))) FROM n
      """)
    let reader = Reader(store)
    var counts: [Int] = []
    repeat { counts.append(try reader.ids().count) } while counts.last != 0
    #expect(counts.reduce(0, +) == 12)
    #expect(counts.allSatisfy { $0 <= 5 })
  }

  @Test func uncommittedRowsAreNotRead() throws {
    let store = try TemporaryStore()
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    try store.execute("BEGIN IMMEDIATE")
    try store.append(2)
    #expect(try reader.ids() == [])
    try store.execute("ROLLBACK")
    #expect(try reader.ids() == [])
    try store.append(1)
    #expect(try reader.ids() == [2])
  }

  @Test func rowsSpilledBeforeTheCommitAreNotRead() throws {
    let store = try TemporaryStore()
    try store.append(10)
    let reader = Reader(store)
    #expect(try reader.ids().count == 10)
    try store.execute("PRAGMA cache_size = 1; BEGIN IMMEDIATE")
    try store.append(5000)
    #expect(reader.failure()?.kind == .locked)
    try store.execute("ROLLBACK")
    #expect(try reader.ids() == [])
  }

  @Test(arguments: ["delete", "wal"])
  func aCommitIsAChangeAndAReadIsNot(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    let reader = Reader(store)
    #expect(reader.tail.hasChanged())
    try store.append(2)
    _ = try reader.pass(limit: 1)
    #expect(reader.tail.hasChanged(), "the end is not reached")
    _ = try reader.pass()
    #expect(!reader.tail.hasChanged())
    #expect(!reader.tail.hasChanged())
    for _ in 1...50 {
      try store.append(1)
      #expect(reader.tail.hasChanged())
      #expect(try reader.ids().count == 1)
      #expect(!reader.tail.hasChanged())
    }
  }

  @Test func theSizeIsThatOfTheFileAndItsWAL() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(5)
    let reader = Reader(store)
    let size = try reader.pass().sizeBytes
    let sizes = try ["", "-wal"].map { suffix in
      try #require(
        try FileManager.default.attributesOfItem(atPath: store.path + suffix)[.size] as? Int64)
    }
    #expect(size == sizes.reduce(0, +))
    #expect(sizes.allSatisfy { $0 > 0 })
  }
}

struct UnexpectedValue: Error {
  var value: SQLiteValue
  init(_ value: SQLiteValue) { self.value = value }
}
