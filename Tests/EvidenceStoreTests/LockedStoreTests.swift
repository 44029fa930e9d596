import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

struct LockedStoreTests {
  @Test func anExclusiveLockIsLockedUntilItEnds() throws {
    let store = try TemporaryStore()
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.ids(limit: 2) == [1, 2])
    try store.execute("BEGIN EXCLUSIVE")
    #expect(reader.tail.hasChanged())
    #expect(reader.failure()?.kind == .locked)
    #expect(reader.batch.rows.isEmpty)
    #expect(reader.tail.hasChanged())
    try store.execute("COMMIT")
    #expect(try reader.ids() == [3])
  }

  @Test func anExclusiveLockIsSeenByAReaderThatIsAtTheEnd() throws {
    let store = try TemporaryStore()
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    try store.execute("BEGIN EXCLUSIVE")
    #expect(reader.tail.hasChanged())
    #expect(reader.failure()?.kind == .locked)
  }

  @Test func aLockIsWaitedForBriefly() throws {
    let store = try TemporaryStore()
    try store.execute("BEGIN EXCLUSIVE")
    let reader = Reader(store)
    let time = ContinuousClock().measure { _ = reader.failure() }
    #expect(time >= .milliseconds(45))
    #expect(time < .seconds(2))
  }

  @Test(arguments: ["delete", "wal"])
  func aLongTransactionDoesNotHideWhatWasCommitted(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    try store.append(3)
    try store.execute("BEGIN IMMEDIATE")
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids(limit: 2) == [1, 2])
    #expect(try reader.ids() == [3])
    try store.execute("COMMIT")
    #expect(try reader.ids() == [4])
  }

  /// The writer of these tests waits for no lock.
  @Test(arguments: ["delete", "wal"])
  func aReaderBetweenPassesKeepsNoWriterWaiting(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    try store.append(10)
    let reader = Reader(store)
    for _ in 1...5 {
      _ = try reader.pass(limit: 2)
      #expect(throws: Never.self) {
        try store.execute("BEGIN EXCLUSIVE")
        try store.append(1)
        try store.execute("COMMIT; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
      }
    }
  }

  @Test func aWriterMayKeepTheFileForItselfAndGiveItBack() throws {
    let store = try TemporaryStore()
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.ids() == [1])
    try store.execute("PRAGMA locking_mode = EXCLUSIVE")
    try store.append(2)
    #expect(reader.failure()?.kind == .locked)
    store.close()
    #expect(try reader.ids() == [2, 3])
  }
}
