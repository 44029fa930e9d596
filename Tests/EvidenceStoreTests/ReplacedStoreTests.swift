import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct ReplacedStoreTests {
  @Test(arguments: ["delete", "wal"])
  func anotherFileAtThePathIsReadFromItsBeginning(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    try store.append(5)
    let reader = Reader(store)
    #expect(try reader.ids().count == 5)
    let other = try TemporaryStore(journal: journal)
    try other.append(7, agent: "other")
    try replace(store, by: other)
    #expect(reader.tail.hasChanged())
    let pass = try reader.pass()
    #expect(pass.reset == .replaced)
    #expect(reader.batch.rows.map(\.id) == Array(1...7))
    #expect(try reader.pass().reset == nil)
  }

  @Test func aFileWithTheSameRowsIsAnotherFile() throws {
    let store = try TemporaryStore()
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    try store.execute("VACUUM INTO '\(store.directory)/copy.db'")
    store.close()
    #expect(rename(store.directory + "/copy.db", store.path) == 0)
    #expect(try reader.pass().reset == .replaced)
    #expect(reader.batch.rows.map(\.id) == [1, 2, 3])
  }

  @Test func aFileCreatedAfterADeletionIsAnotherFile() throws {
    let store = try TemporaryStore()
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    store.close()
    try FileManager.default.removeItem(atPath: store.path)
    try store.createTable()
    try store.append(3)
    #expect(try reader.pass().reset == .replaced)
    #expect(reader.batch.rows.map(\.id) == [1, 2, 3])
  }

  @Test func anEmptyTableThatWasReadIsReplacedToo() throws {
    let store = try TemporaryStore()
    let reader = Reader(store)
    #expect(try reader.ids() == [])
    let other = try TemporaryStore()
    try other.append(1)
    try replace(store, by: other)
    #expect(try reader.pass().reset == .replaced)
    #expect(reader.batch.rows.map(\.id) == [1])
  }

  @Test func aReplacementThatCannotBeReadIsCountedOnceItCan() throws {
    let store = try TemporaryStore()
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    store.close()
    try Data("not a database, and long enough to look like one".utf8)
      .write(to: URL(fileURLWithPath: store.path), options: .atomic)
    #expect(reader.failure()?.kind == .corrupt)
    #expect(reader.failure()?.kind == .corrupt)
    let other = try TemporaryStore()
    try other.append(2)
    try replace(store, by: other)
    #expect(try reader.pass().reset == .replaced)
    #expect(reader.batch.rows.map(\.id) == [1, 2])
  }

  @Test func aSymbolicLinkThatChangesItsTargetIsAReplacement() throws {
    let stores = try [TemporaryStore(), TemporaryStore()]
    for store in stores { try store.append(2) }
    let link = stores[0].directory + "/link.db"
    #expect(symlink(stores[0].path, link) == 0)
    let reader = Reader(path: link)
    #expect(try reader.ids() == [1, 2])
    #expect(unlink(link) == 0)
    #expect(symlink(stores[1].path, link) == 0)
    #expect(reader.tail.hasChanged())
    #expect(try reader.pass().reset == .replaced)
  }

  /// Moves the database of `other` to the path of `store`.
  private func replace(_ store: TemporaryStore, by other: TemporaryStore) throws {
    store.close()
    other.close()
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: store.path + suffix)
    }
    #expect(rename(other.path, store.path) == 0)
  }
}
