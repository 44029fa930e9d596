import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

struct VacuumedStoreTests {
  @Test(arguments: ["delete", "wal"], [true, false])
  func aVacuumIsNoReset(journal: String, autoincrement: Bool) throws {
    let store = try TemporaryStore(autoincrement: autoincrement, journal: journal)
    try store.append(500)
    let reader = Reader(store)
    #expect(try reader.allIDs().count == 500)
    try store.execute("DELETE FROM evidence WHERE id < 400; VACUUM")
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.isEmpty)
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [501])
  }

  @Test func anotherPageSizeIsNoReset() throws {
    let store = try TemporaryStore()
    try store.append(500)
    let reader = Reader(store)
    #expect(try reader.allIDs().count == 500)
    try store.execute("PRAGMA page_size = 1024; VACUUM")
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [501])
  }
}
