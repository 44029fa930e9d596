import Foundation
import ReflexiveCore
import TestSupport
import Testing

@testable import EvidenceStore

/// What makes reading without locks safe: see ``UnlockedFile``.
struct StoreFileTests {
  @Test func aCommitAmidAReadingIsNoticed() throws {
    let store = try TemporaryStore()
    let file = try StoreFile(path: store.path)
    for _ in 1...50 {
      let version = try #require(try file.version())
      #expect(file.confirms(version))
      try store.append(1)
      #expect(!file.confirms(version))
    }
  }

  @Test func aRollbackOfWhatWasSpilledIsNoticed() throws {
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

  @Test func aWALThatCameAndWentAmidAReadingIsNoticed() throws {
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

  @Test func noReadingBeginsWhileAWriterIsAtWork() throws {
    let store = try TemporaryStore()
    let file = try StoreFile(path: store.path)
    #expect(file.isQuiet)
    try store.execute("BEGIN IMMEDIATE")
    #expect(!file.isQuiet)
    #expect(file.isReadable)
    try store.execute("COMMIT; BEGIN EXCLUSIVE")
    #expect(!file.isQuiet)
    #expect(!file.isReadable)
    try store.execute("COMMIT")
    #expect(file.isQuiet)
  }

  @Test func noReadingBeginsInTheTickOfACheckpoint() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    store.close()
    let file = try StoreFile(path: store.path)
    // Setting the mode sets the time of the last change to now. A busy machine may let the tick pass.
    let isSeen = (1...1000).contains { _ in chmod(store.path, 0o644) == 0 && !file.isQuiet }
    #expect(isSeen)
  }

  @Test func lookingForAWriterTakesNoLockThatStays() throws {
    let store = try TemporaryStore()
    let file = try StoreFile(path: store.path)
    _ = file.isReadable
    try store.execute("BEGIN EXCLUSIVE; COMMIT")
  }
}
