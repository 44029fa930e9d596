import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct HotJournalTests {
  @Test func rowsOfAWriterThatDiedAreNeverRead() throws {
    let store = try TemporaryStore()
    try store.append(10)
    let dead = store.directory + "/dead.db"
    try copyHotJournal(of: store, to: dead)
    let reader = Reader(path: dead)
    let error = try #require(reader.failure())
    #expect(error.kind == .recovery)
    #expect(reader.batch.rows.isEmpty)
    #expect(try store.files.contains("dead.db-journal"))
  }

  @Test func theStoreIsReadOnceAWriterHasRolledBack() throws {
    let store = try TemporaryStore()
    try store.append(10)
    let dead = store.directory + "/dead.db"
    try copyHotJournal(of: store, to: dead)
    let reader = Reader(path: dead)
    #expect(reader.failure()?.kind == .recovery)
    let writer = try EvidenceWriter(path: dead)
    try writer.append([NewEvidenceRow(event: "note", payload: "{}", ts: "then")])
    #expect(try reader.ids() == Array(1...11))
  }

  @Test func aHotJournalDoesNotMoveTheTail() throws {
    let store = try TemporaryStore()
    try store.append(10)
    let reader = Reader(store)
    #expect(try reader.ids().count == 10)
    let dead = store.directory + "/dead.db"
    try copyHotJournal(of: store, to: dead)
    // The same file, as the dead writer left it.
    store.close()
    for suffix in ["", "-journal"] {
      let content = try Data(contentsOf: URL(fileURLWithPath: dead + suffix))
      try content.write(to: URL(fileURLWithPath: store.path + suffix))
    }
    #expect(reader.failure()?.kind == .recovery)
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [11])
  }

  /// Copies the store in the middle of a large transaction, and then rolls that back.
  private func copyHotJournal(of store: TemporaryStore, to path: String) throws {
    try store.execute("PRAGMA cache_size = 1; BEGIN IMMEDIATE")
    try store.append(5000)
    for suffix in ["", "-journal"] {
      try FileManager.default.copyItem(atPath: store.path + suffix, toPath: path + suffix)
    }
    try store.execute("ROLLBACK")
  }
}
