import CSQLite
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

    func overwrite(with source: String) throws {
      try OverwrittenStoreTests().overwrite(store.path, with: source)
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

  @Test func itIsNoticedAfterAWriterCrashed() throws {
    let test = try OverwriteCase()
    // The WAL of a writer that died stays, and the next writer builds its index again.
    let copy = test.store.directory + "/crashed.db"
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: test.store.path + suffix, toPath: copy + suffix)
    }
    let writer = try WritableStore(copy)
    try writer.append()
    let reader = Reader(path: copy)
    #expect(try reader.allIDs().count == 46)
    try overwrite(copy, with: test.backup + "2")
    #expect(reader.failure()?.kind == .corrupt)
  }

  @Test(arguments: [true, false])
  func itIsNoticedByTheNextTail(isOverwrittenMeanwhile: Bool) throws {
    let test = try OverwriteCase()
    let position = try #require(test.reader.tail.position)
    if isOverwrittenMeanwhile {
      try test.overwrite(with: test.backup + "2")
    }
    let next = EvidenceTail(path: test.store.path, resumingAt: position)
    var batch = EvidenceBatch()
    if isOverwrittenMeanwhile {
      #expect(throws: StoreReadError.self) { try next.readBatch(into: &batch, limit: 10) }
    } else {
      #expect(try next.readBatch(into: &batch, limit: 10).reset == nil)
    }
  }

  @Test(arguments: ["PASSIVE", "FULL", "RESTART", "TRUNCATE"], ["OFF", "NORMAL"])
  func checkpointsDuringAPassAreNotOverwriting(mode: String, synchronous: String) async throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    let path = store.path
    let reader = Reader(store)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let writer = try WritableStore(path)
        try writer.execute("PRAGMA synchronous = \(synchronous); PRAGMA wal_autocheckpoint = 0")
        for _ in 1...400 {
          try writer.append()
          try writer.execute("PRAGMA wal_checkpoint(\(mode))")
        }
      }
      while reader.tail.position?.tailID != 401 {
        guard reader.tail.hasChanged() else {
          await Task.yield()
          continue
        }
        do {
          #expect(try reader.pass().reset == nil)
        } catch let error as StoreReadError {
          #expect(error.kind == .locked, "\(error)")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func anEmptyFileBesideAWALIsCorrupt() throws {
    let test = try OverwriteCase()
    #expect(truncate(test.store.path, 0) == 0)
    let reader = Reader(test.store)
    #expect(reader.failure()?.kind == .corrupt)
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

  /// As `cp` does it: the same inode with other bytes.
  private func overwrite(_ path: String, with source: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: source))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: bytes)
    try file.close()
  }
}

/// A writer's connection to a database that is there.
private final class WritableStore {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    #expect(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK)
    sqlite3_busy_timeout(handle, 5000)
  }

  deinit { sqlite3_close(handle) }

  func execute(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    #expect(code == SQLITE_OK || code == SQLITE_BUSY, "\(String(cString: sqlite3_errmsg(handle)))")
  }

  func append() throws {
    try execute("INSERT INTO evidence (event, payload, ts) VALUES ('note', '{}', 'now')")
  }
}
