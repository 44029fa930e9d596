import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EvidenceStore

struct CommittedReaderTests {
  private func highestOldID(_ reader: CommittedReader) throws -> Int64?? {
    try reader.read { () throws(StoreReadError) in
      try Statement(
        reader.file.connection, "SELECT max(id) FROM evidence WHERE id <= 100"
      ).integer()
    }
  }

  @Test func oldRowsAreReadBesideAWriterThatIsHardlyEverIdle() async throws {
    let store = try TemporaryStore()
    try store.append(2000)
    let progress = Progress()
    async let writing: Void = Self.write(to: store.path, progress)
    let path = store.path
    let read = try await onThread {
      while progress.commits.load(ordering: .relaxed) == 0,
        !progress.isEnded.load(ordering: .relaxed)
      { usleep(1000) }
      return Result {
        let reader = try #require(CommittedReader(StoreFile(path: path)))
        return try (1...10).map { _ in try highestOldID(reader) }
      }
    }
    progress.isEnded.store(true, ordering: .relaxed)
    try await writing
    #expect(try read.get().allSatisfy { $0 == 100 })
  }

  /// Writes in transactions of 20 ms with microseconds between them, and waits for no lock.
  private static func write(to path: String, _ progress: Progress) async throws {
    try await onThread {
      defer { progress.isEnded.store(true, ordering: .relaxed) }
      let writer = try WritableDatabase(path: path, creates: false, busyMilliseconds: 0)
      while !progress.isEnded.load(ordering: .relaxed) {
        try writer.execute("BEGIN IMMEDIATE; INSERT INTO evidence (event) VALUES ('note')")
        usleep(20_000)
        try writer.execute("COMMIT")
        progress.commits.add(1, ordering: .relaxed)
      }
    }
  }

  private final class Progress: Sendable {
    let commits = Atomic(0)
    let isEnded = Atomic(false)
  }

  @Test func rowsAreReadBesideAWriterThatDoesNothingInItsTransaction() throws {
    let store = try TemporaryStore()
    try store.append(200)
    let reader = try #require(CommittedReader(StoreFile(path: store.path)))
    try store.execute("BEGIN IMMEDIATE")
    #expect(try highestOldID(reader) == 100)
    try store.execute("COMMIT; BEGIN EXCLUSIVE; COMMIT")
  }

  @Test func whatWasNotCommittedIsNotRead() throws {
    let store = try TemporaryStore()
    try store.append(50)
    let reader = try #require(CommittedReader(StoreFile(path: store.path)))
    try store.execute("PRAGMA cache_size = 1; BEGIN")
    try store.append(5000)
    #expect(try highestOldID(reader) == nil)
    try store.execute("ROLLBACK")
    #expect(try highestOldID(reader) == 50)
  }
}
