import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

struct PrunedStoreTests {
  @Test(arguments: ["id < 3", "id = 5", "id > 3", "id <> 5", "1"])
  func deletedRowsAreNoReset(condition: String) throws {
    let store = try TemporaryStore()
    try store.append(5)
    let reader = Reader(store)
    #expect(try reader.ids().count == 5)
    try store.execute("DELETE FROM evidence WHERE \(condition)")
    let pass = try reader.pass()
    #expect(pass.reset == nil)
    #expect(pass.tailID == 5)
    #expect(pass.backlog == 0)
    #expect(pass.reachedEnd)
    try store.append(2)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [6, 7])
  }

  @Test func oldRowsDeletedWithoutAutoincrementAreNoReset() throws {
    let store = try TemporaryStore(autoincrement: false)
    try store.append(5)
    let reader = Reader(store)
    #expect(try reader.ids().count == 5)
    try store.execute("DELETE FROM evidence WHERE id < 5")
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [6])
  }

  @Test func rowsDeletedBeforeTheyWereReadLeaveAGap() throws {
    let store = try TemporaryStore()
    try store.append(5)
    try store.execute("DELETE FROM evidence WHERE id IN (1, 3)")
    let reader = Reader(store)
    #expect(try reader.ids() == [2, 4, 5])
  }
}
