import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct MissingStoreTests {
  @Test func aFileThatAppearsIsReadAndIsNoReset() throws {
    let store = try TemporaryStore()
    let reader = Reader(path: store.directory + "/later.db")
    #expect(reader.failure()?.kind == .missing)
    #expect(reader.tail.hasChanged())
    try store.append(2)
    store.close()
    #expect(rename(store.path, store.directory + "/later.db") == 0)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [1, 2])
  }

  @Test(arguments: ["delete", "wal"])
  func aFileThatComesBackIsFollowedFromWhereItWas(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    try store.append(2)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2])
    store.close()
    let elsewhere = store.directory + "/elsewhere.db"
    for suffix in ["", "-wal", "-shm"] { rename(store.path + suffix, elsewhere + suffix) }
    #expect(reader.tail.hasChanged())
    #expect(reader.failure()?.kind == .missing)
    #expect(reader.batch.rows.isEmpty)
    for suffix in ["", "-wal", "-shm"] { rename(elsewhere + suffix, store.path + suffix) }
    try store.append(1)
    let pass = try reader.pass()
    #expect(pass.reset == nil)
    #expect(reader.batch.rows.map(\.id) == [3])
  }

  @Test(arguments: ["", "/no/such/directory/evidence.db", "/dev/null/evidence.db", "a\0b"])
  func aPathThatNamesNothingIsMissing(path: String) {
    let reader = Reader(path: path)
    #expect(reader.failure()?.kind == .missing)
  }

  @Test(arguments: ["/tmp", "/dev/zero", "/dev/null"])
  func aDirectoryOrADeviceIsNotOpened(path: String) {
    let reader = Reader(path: path)
    #expect(reader.failure()?.kind == .io)
  }

  @Test func theReaderCreatesNoFile() throws {
    let store = try TemporaryStore()
    let reader = Reader(path: store.directory + "/nothing.db")
    _ = reader.failure()
    store.close()
    #expect(try store.files == ["evidence.db"])
  }

  @Test func theMessageNamesThePath() throws {
    let reader = Reader(path: "/no/such/evidence.db")
    #expect(reader.failure()?.message.contains("/no/such/evidence.db") == true)
  }
}
