import Foundation
import ReflexiveCore
import TestSupport
import Testing

@testable import EvidenceStore

/// What SQLite does even on a read-only connection, and the exporter must not do.
struct ReadingVFSTests {
  @Test func aMissingWALIsNotCreated() throws {
    let store = try TemporaryStore(journal: "wal")
    store.close()
    let connection = try Connection(path: realpath(store.path))
    #expect(throws: StoreReadError.self) { try connection.execute("SELECT * FROM evidence") }
    #expect(try store.files == ["evidence.db"])
  }

  @Test func theWALOfAnEmptyFileIsNotDeleted() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(1)
    let wal = try Data(contentsOf: URL(fileURLWithPath: store.path + "-wal"))
    let path = store.directory + "/empty.db"
    try Data().write(to: URL(fileURLWithPath: path))
    try wal.write(to: URL(fileURLWithPath: path + "-wal"))
    #expect(Reader(path: path).failure() != nil)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")) == wal)
  }

  @Test func nothingCanBeWritten() throws {
    let store = try TemporaryStore()
    let connection = try Connection(path: realpath(store.path))
    #expect(throws: StoreReadError.self) { try connection.execute("DELETE FROM evidence") }
    #expect(throws: StoreReadError.self) {
      try connection.execute("ATTACH '\(store.directory)/new.db' AS new; CREATE TABLE new.t (a)")
    }
    #expect(try store.files == ["evidence.db"])
  }

  @Test func sqlInASchemaReachesNeitherTheSchemaNorAnotherFile() throws {
    let (store, other) = (try TemporaryStore(), try TemporaryStore())
    let connection = try Connection(path: realpath(store.path))
    try connection.execute("PRAGMA writable_schema = ON")
    let error = #expect(throws: StoreReadError.self) {
      try connection.execute("UPDATE sqlite_schema SET sql = ''")
    }
    #expect(error?.description.contains("sqlite_master may not be modified") == true)
    #expect(throws: StoreReadError.self) {
      try connection.execute("ATTACH '\(realpath(other.path))' AS other")
    }
  }

  private func realpath(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}
