import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct TruncatedStoreTests {
  @Test func aTableDroppedAndCreatedAgainIsTruncated() throws {
    let store = try TemporaryStore()
    try store.append(5)
    let reader = Reader(store)
    #expect(try reader.ids().count == 5)
    try store.execute("DROP TABLE evidence")
    try store.createTable()
    try store.append(2)
    let pass = try reader.pass()
    #expect(pass.reset == .truncated)
    #expect(reader.batch.rows.map(\.id) == [1, 2])
    #expect(pass.tailID == 2)
    #expect(try reader.pass().reset == nil)
  }

  @Test func anEmptyTableCreatedAgainIsTruncatedOnce() throws {
    let store = try TemporaryStore()
    try store.append(5)
    let reader = Reader(store)
    #expect(try reader.ids().count == 5)
    try store.execute("DROP TABLE evidence")
    try store.createTable()
    let pass = try reader.pass()
    #expect(pass.reset == .truncated)
    #expect(pass.tailID == nil)
    #expect(pass.reachedEnd)
    #expect(try reader.pass().reset == nil)
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [1])
  }

  @Test func lostTailRowsWithoutAutoincrementAreTruncation() throws {
    let store = try TemporaryStore(autoincrement: false)
    try store.append(5)
    let reader = Reader(store)
    #expect(try reader.ids().count == 5)
    try store.execute("DELETE FROM evidence WHERE id > 3")
    #expect(try reader.pass().reset == .truncated)
    #expect(reader.batch.rows.map(\.id) == [1, 2, 3])
  }

  @Test func anOlderCopyOverTheSameFileIsTruncated() throws {
    let store = try TemporaryStore()
    try store.append(2)
    store.close()
    let backup = try Data(contentsOf: URL(fileURLWithPath: store.path))
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids().count == 5)
    store.close()
    try overwrite(store.path, with: backup)
    #expect(reader.tail.hasChanged())
    #expect(try reader.pass().reset == .truncated)
    #expect(reader.batch.rows.map(\.id) == [1, 2])
  }

  @Test func anEmptyFileIsNoTableAndMovesNothing() throws {
    let store = try TemporaryStore()
    try store.append(2)
    store.close()
    let content = try Data(contentsOf: URL(fileURLWithPath: store.path))
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2])
    try overwrite(store.path, with: Data())
    #expect(reader.failure()?.kind == .schema)
    try overwrite(store.path, with: content)
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [3])
  }

  /// Writes in place, so that it stays the same file.
  private func overwrite(_ path: String, with content: Data) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: content)
    try file.close()
  }
}
