import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct WALStoreTests {
  @Test func aCleanlyClosedStoreIsReadWithoutCreatingAFile() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(3)
    store.close()
    #expect(try store.files == ["evidence.db"])
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2, 3])
    #expect(try store.files == ["evidence.db"])
  }

  @Test func theModeIsThatOfTheDatabaseWhetherOrNotItHasAWAL() throws {
    let store = try TemporaryStore(journal: "wal")
    store.close()
    let reader = Reader(store)
    #expect(try reader.pass().info.journalMode == "wal")
    try store.append(1)
    #expect(try reader.pass().info.journalMode == "wal")
    let plain = try TemporaryStore()
    #expect(try Reader(plain).pass().info.journalMode == "delete")
  }

  @Test func aWriterThatComesAndGoesIsFollowed() throws {
    let store = try TemporaryStore(journal: "wal")
    store.close()
    let reader = Reader(store)
    var ids: [Int64] = []
    for _ in 1...20 {
      try store.append(1)
      ids += try reader.ids()
      store.close()
      ids += try reader.ids()
    }
    #expect(ids == Array(1...20))
  }

  /// SQLite tells by the change counter that its cache is old, and writing a WAL back leaves that
  /// alone.
  @Test func aWriterThatComesAndGoesBetweenTwoPassesIsFollowed() throws {
    let store = try TemporaryStore(journal: "wal")
    store.close()
    let reader = Reader(store)
    var ids: [Int64] = []
    for _ in 1...20 {
      try store.append(1)
      store.close()
      ids += try reader.ids()
    }
    #expect(ids == Array(1...20))
  }

  @Test func anIdleWALIsClosedAndItsNextCommitIsSeen() async throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    for id in Int64(2)...4 {
      try await Task.sleep(for: .milliseconds(300))
      #expect(!reader.tail.hasChanged())
      try store.append(1)
      #expect(reader.tail.hasChanged())
      let pass = try reader.pass()
      #expect(reader.batch.rows.map(\.id) == [id])
      #expect(pass.reset == nil)
    }
  }

  @Test func theOwnerCanLeaveWALModeOnceTheWALIsIdle() async throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    try await Task.sleep(for: .milliseconds(300))
    #expect(!reader.tail.hasChanged())
    try store.execute("PRAGMA journal_mode = delete")
    try store.append(1)
    let pass = try reader.pass()
    #expect(reader.batch.rows.map(\.id) == [2])
    #expect(pass.info.journalMode == "delete" && pass.reset == nil)
  }

  @Test(arguments: ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
  func checkpointsAreNoReset(kind: String) throws {
    let store = try TemporaryStore(journal: "wal")
    let reader = Reader(store)
    for round in 0..<5 {
      try store.append(10)
      #expect(try reader.ids() == (1...10).map { Int64(round * 10 + $0) })
      try store.execute("PRAGMA wal_checkpoint(\(kind))")
      let pass = try reader.pass()
      #expect(pass.reset == nil)
      #expect(reader.batch.rows.isEmpty)
    }
  }

  @Test func theReaderDoesNotCheckpoint() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.execute("PRAGMA wal_autocheckpoint = 0")
    try store.append(100)
    let before = try Data(contentsOf: URL(fileURLWithPath: store.path + "-wal"))
    do {
      let reader = Reader(store)
      #expect(try reader.allIDs().count == 100)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: store.path + "-wal")) == before)
  }

  @Test func theModeMayChangeWhileItIsFollowed() throws {
    let store = try TemporaryStore()
    let reader = Reader(store)
    try store.append(1)
    #expect(try reader.ids() == [1])
    try store.execute("PRAGMA journal_mode = wal")
    try store.append(1)
    let pass = try reader.pass()
    #expect(reader.batch.rows.map(\.id) == [2])
    #expect(pass.info.journalMode == "wal")
    #expect(pass.reset == nil)
  }

  @Test func rowsOfADeadWriterAreReadFromItsWAL() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(3)
    let copy = try TemporaryStore()
    copy.close()
    for suffix in ["", "-wal"] {
      try? FileManager.default.removeItem(atPath: copy.path)
      try FileManager.default.copyItem(
        atPath: store.path + suffix, toPath: copy.directory + "/dead.db" + suffix)
    }
    let reader = Reader(path: copy.directory + "/dead.db")
    #expect(try reader.ids() == [1, 2, 3])
  }

  @Test func rolledBackRowsAreNotRead() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    try store.execute("PRAGMA cache_size = 1; BEGIN IMMEDIATE")
    try store.append(5000)
    #expect(try reader.ids() == [])
    try store.execute("ROLLBACK")
    #expect(try reader.ids() == [])
  }
}
