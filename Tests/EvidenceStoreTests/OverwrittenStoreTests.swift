import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

/// A database that is overwritten in place keeps its inode and its WAL, so SQLite goes on serving
/// the pages of the old one.
struct OverwrittenStoreTests {
  /// A store with 20 rows in the file and 25 more in the WAL, and a reader at the end of both.
  private struct OverwriteCase {
    let store: TemporaryStore
    let reader: Reader
    /// A copy of the file as it was with 20 rows.
    let backup: String

    init(autocheckpoint: Int = 1000) throws {
      store = try TemporaryStore(journal: "wal")
      backup = store.directory + "/backup"
      try store.execute("PRAGMA wal_autocheckpoint = \(autocheckpoint)")
      try store.append(20)
      try store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
      try FileManager.default.copyItem(atPath: store.path, toPath: backup)
      try store.execute("VACUUM INTO '\(backup)2'")
      try store.append(25)
      reader = Reader(store)
      _ = try reader.allIDs()
    }

    /// Does what `cp` does: the same inode gets other bytes.
    func overwrite(with source: String) throws {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: source))
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: store.path))
      try file.truncate(atOffset: 0)
      try file.write(contentsOf: bytes)
      try file.close()
    }
  }

  @Test func anotherDatabaseBeneathTheWALIsAnErrorUntilTheWALIsGone() throws {
    let test = try OverwriteCase()
    try test.overwrite(with: test.backup + "2")
    #expect(test.reader.tail.hasChanged())
    for _ in 1...2 {
      let error = try #require(test.reader.failure())
      #expect(error.kind == .corrupt)
      #expect(error.message.contains("overwritten"))
      #expect(test.reader.tail.hasChanged())
    }
    for suffix in ["-wal", "-shm"] {
      try FileManager.default.removeItem(atPath: test.store.path + suffix)
    }
    let pass = try test.reader.pass()
    #expect(pass.reset == .replaced)
    #expect(test.reader.batch.rows.count == 20)
  }

  @Test func theSameFileWrittenAgainBeneathTheWALIsAReset() throws {
    let test = try OverwriteCase()
    try test.overwrite(with: test.backup)
    #expect(test.reader.tail.hasChanged())
    #expect(try test.reader.pass().reset == .replaced)
    #expect(test.reader.batch.rows.count == 45)
    #expect(try test.reader.pass().reset == nil)
  }

  @Test func anOverwriteIsNoticedAfterTheWALWasClosed() throws {
    let test = try OverwriteCase()
    Thread.sleep(forTimeInterval: 0.3)
    #expect(!test.reader.tail.hasChanged())
    #expect(!test.reader.tail.isAttached)
    try test.overwrite(with: test.backup + "2")
    #expect(test.reader.tail.hasChanged())
    #expect(test.reader.failure()?.kind == .corrupt)
  }

  @Test(arguments: ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
  func aCheckpointIsNoOverwriting(mode: String) throws {
    let test = try OverwriteCase(autocheckpoint: 0)
    for _ in 1...20 {
      try test.store.append(50)
      try test.store.execute("PRAGMA wal_checkpoint(\(mode))")
      #expect(try test.reader.pass().reset == nil)
    }
    #expect(test.reader.tail.position?.tailID == 1045)
  }

  @Test func checkpointsOfABusyWriterAreNoOverwriting() throws {
    let test = try OverwriteCase(autocheckpoint: 3)
    for _ in 1...200 {
      try test.store.append(7)
      #expect(try test.reader.pass().reset == nil)
    }
    #expect(test.reader.tail.position?.tailID == 1445)
  }

  @Test func anotherWALInThePlaceOfTheOldIsRead() throws {
    let test = try OverwriteCase()
    let aside = test.store.directory + "/aside"
    try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
    let other = try TemporaryStore(journal: "wal")
    try other.execute("PRAGMA wal_autocheckpoint = 0")
    try other.append(60)
    for suffix in ["-wal", "-shm"] {
      let path = test.store.path + suffix
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: other.path + suffix, toPath: path)
    }
    #expect(test.reader.tail.hasChanged())
  }
}
