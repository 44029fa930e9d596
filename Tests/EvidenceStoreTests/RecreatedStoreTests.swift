import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

struct RecreatedStoreTests {
  @Test(arguments: ["delete", "wal"], [true, false])
  func anotherRowAtTheTailMeansAnotherTable(journal: String, autoincrement: Bool) throws {
    let store = try TemporaryStore(autoincrement: autoincrement, journal: journal)
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    try store.execute("DROP TABLE evidence")
    try store.createTable(autoincrement: autoincrement)
    try store.append(5, agent: "another")
    #expect(try reader.pass().reset == .recreated)
    #expect(reader.batch.rows.map(\.id) == [1, 2, 3, 4, 5])
    #expect(try reader.pass().reset == nil)
  }

  @Test(arguments: [
    "event = 'x'", "payload = '{}'", "ts = '2020'", "payload = x'7b7d'", "ts = NULL",
  ])
  func everyColumnOfTheTailRowCounts(change: String) throws {
    let store = try TemporaryStore()
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    try store.execute("UPDATE evidence SET \(change) WHERE id = 3")
    #expect(try reader.pass().reset == .recreated)
  }

  @Test func aChangeBelowTheTailIsNotSeen() throws {
    let store = try TemporaryStore()
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    try store.execute("UPDATE evidence SET payload = '{}' WHERE id < 3")
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.isEmpty)
  }

  @Test func idsUsedAgainWithoutAutoincrementAreSeen() throws {
    let store = try TemporaryStore(autoincrement: false)
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    try store.execute("DELETE FROM evidence WHERE id = 3")
    try store.append(2, agent: "another")
    #expect(try reader.pass().reset == .recreated)
    #expect(reader.batch.rows.map(\.id) == [1, 2, 3, 4])
  }

  @Test func anEmptyTableCreatedAgainIsNoReset() throws {
    let store = try TemporaryStore()
    let reader = Reader(store)
    #expect(try reader.ids() == [])
    try store.execute("DROP TABLE evidence")
    try store.createTable()
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [1])
  }
}
