import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

struct ExtremeIDTests {
  @Test func everyIDOfSixtyFourBitsIsRead() throws {
    let store = try TemporaryStore(autoincrement: false)
    let ids: [Int64] = [.min, .min + 1, -5, 0, 7, .max - 1, .max]
    for id in ids { try store.append(id: id) }
    let reader = Reader(store)
    var read: [Int64] = []
    repeat { read += try reader.ids(limit: 2) } while !reader.batch.rows.isEmpty
    #expect(read == ids)
  }

  @Test func negativeIDsAreFollowed() throws {
    let store = try TemporaryStore()
    try store.append(id: -10)
    let reader = Reader(store)
    #expect(try reader.ids() == [-10])
    try store.append(id: -5)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [-5])
  }

  @Test func theBacklogDoesNotOverflow() throws {
    let store = try TemporaryStore(autoincrement: false)
    try store.append(id: .min)
    try store.append(id: .max)
    let reader = Reader(store)
    let pass = try reader.pass(limit: 1)
    #expect(pass.backlog == .max)
    #expect(!pass.reachedEnd)
  }
}
