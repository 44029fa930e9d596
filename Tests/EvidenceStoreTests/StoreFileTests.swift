import Foundation
import ReflexiveCore
import TestSupport
import Testing

@testable import EvidenceStore

/// What makes reading without locks safe: see ``UnlockedFile``.
struct StoreFileTests {
  @Test func aCommitDuringAReadIsNoticed() throws {
    let store = try TemporaryStore()
    let file = try StoreFile(path: store.path)
    for _ in 1...50 {
      let version = try #require(try file.version())
      #expect(file.confirms(version))
      try store.append(1)
      #expect(!file.confirms(version))
    }
  }

  @Test func aRollbackOfSpilledPagesIsNoticed() throws {
    let store = try TemporaryStore()
    try store.append(100)
    let file = try StoreFile(path: store.path)
    let version = try #require(try file.version())
    try store.execute("PRAGMA cache_size = 1; BEGIN")
    try store.append(5000)
    #expect(!file.confirms(version))
    try store.execute("ROLLBACK")
    #expect(!file.confirms(version))
  }

  @Test func aWALThatComesAndGoesDuringAReadIsNoticed() throws {
    let store = try TemporaryStore(journal: "wal")
    store.close()
    let file = try StoreFile(path: store.path)
    let version = try #require(try file.version())
    try store.append(500)
    #expect(!file.confirms(version))
    store.close()
    #expect(try store.files == ["evidence.db"])
    #expect(!file.confirms(version))
  }

  @Test func noReadBeginsWhileAWriterIsInATransaction() throws {
    let store = try TemporaryStore()
    let file = try StoreFile(path: store.path)
    #expect(try file.isSafeToRead(at: file.version()))
    try store.execute("BEGIN IMMEDIATE")
    #expect(try !file.isSafeToRead(at: file.version()))
    #expect(try file.isReadable(at: file.version()))
    try store.execute("COMMIT; BEGIN EXCLUSIVE")
    #expect(try !file.isSafeToRead(at: file.version()))
    #expect(try !file.isReadable(at: file.version()))
    try store.execute("COMMIT")
    #expect(try file.isSafeToRead(at: file.version()))
  }

  @Test func noReadBeginsInTheTickOfACheckpoint() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    store.close()
    let file = try StoreFile(path: store.path)
    // `chmod` sets the change time to now. A busy machine may miss the tick, so it tries again.
    let isSeen = try (1...1000).contains { _ in
      try chmod(store.path, 0o644) == 0 && !file.isSafeToRead(at: file.version())
    }
    #expect(isSeen)
  }

  @Test func lookingForAWriterKeepsNoLock() throws {
    let store = try TemporaryStore()
    let file = try StoreFile(path: store.path)
    _ = try file.isReadable(at: file.version())
    try store.execute("BEGIN EXCLUSIVE; COMMIT")
  }
}
