import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct OddPathTests {
  @Test(arguments: [
    "a?mode=memory.db", "a#b.db", "a b.db", "100%25.db", "%", "é e\u{301} 漢字 🦊.db", ":memory:",
    "file:x.db", "'quoted'.db", "new\nline.db", "no-suffix",
  ])
  func everyFileNameCanBeFollowed(name: String) throws {
    for journal in ["delete", "wal"] {
      let store = try TemporaryStore(name: name, journal: journal)
      try store.append(2)
      let reader = Reader(store)
      #expect(try reader.ids() == [1, 2])
      try store.append(1)
      #expect(try reader.ids() == [3])
      #expect(try store.files.allSatisfy { $0.hasPrefix(name) })
    }
  }

  @Test func namesThatSQLiteWouldTakeForSomethingElseAreFiles() throws {
    for name in [":memory:", "file::memory:", "file:evidence.db?mode=memory"] {
      let reader = Reader(path: name)
      #expect(reader.failure()?.kind == .missing)
    }
  }

  @Test func theWALIsFoundBesideTheFileThatALinkNames() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(2)
    let other = try TemporaryStore()
    let link = other.directory + "/link.db"
    #expect(symlink(store.path, link) == 0)
    let reader = Reader(path: link)
    #expect(try reader.ids() == [1, 2])
    try store.append(1)
    #expect(reader.tail.hasChanged())
    #expect(try reader.ids() == [3])
  }

  @Test func aLoopOfLinksIsAnError() throws {
    let store = try TemporaryStore()
    let link = store.directory + "/loop.db"
    #expect(symlink(link, link) == 0)
    let reader = Reader(path: link)
    #expect(reader.failure()?.kind == .io)
  }
}
