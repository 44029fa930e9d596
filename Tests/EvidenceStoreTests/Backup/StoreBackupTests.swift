import Foundation
import LinuxSystem
import ReflexiveCore
import TestSupport
import Testing

@testable import EvidenceStore

struct StoreBackupTests {
  private let folder: Folder
  private let now = UnixTime(seconds: 1_767_323_045, nanoseconds: 0)

  init() throws { folder = try Folder() }

  private func copy(_ store: TemporaryStore) throws -> String {
    let file = folder.path + "/copy.db"
    let manifest = try StoreBackup(store: "s", path: store.path).copy(to: file) { now }
    #expect(manifest.disagreements(withCopy: file) == [])
    #expect(try BackupManifest.read(ofCopy: file) == manifest)
    #expect(try store.files.allSatisfy { !$0.contains("copy") })
    return file
  }

  /// The rows of the query, one a line, as `sqlite3` would print them.
  private func dump(_ path: String, _ sql: String) throws -> String {
    let python = Process()
    let output = Pipe()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = [
      "python3", "-c",
      "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(row)",
      path, sql,
    ]
    python.standardOutput = output
    try python.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    python.waitUntilExit()
    return text
  }

  @Test func aWALDatabaseIsCopiedWhole() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(500)
    try store.execute("CREATE TABLE other (x); INSERT INTO other VALUES (7)")
    let copy = try copy(store)
    #expect(try dump(copy, "SELECT x FROM other") == "(7,)\n")
    let rows = "SELECT * FROM evidence ORDER BY id"
    #expect(try dump(copy, rows) == dump(store.path, rows))
  }

  @Test func aWALDatabaseWithoutItsWALIsCopiedWhole() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(500)
    try store.execute("CREATE TABLE other (x); INSERT INTO other VALUES (7)")
    store.close()
    #expect(try store.files == ["evidence.db"])
    #expect(try dump(copy(store), "SELECT x FROM other") == "(7,)\n")
  }

  @Test(arguments: ["UTF-8", "UTF-16le"])
  func ofARollbackDatabaseTheTableIsCopiedWithItsSchemaAndNextID(encoding: String) throws {
    let store = try TemporaryStore(encoding: encoding)
    try store.execute(
      """
      ALTER TABLE evidence ADD COLUMN "odd "" name" BLOB DEFAULT x'00ff';
      ALTER TABLE evidence ADD COLUMN size INTEGER AS (length(payload));
      CREATE INDEX by_event ON evidence (event);
      CREATE TABLE other (x)
      """)
    try store.append(9000)
    try store.execute(
      """
      INSERT INTO evidence (id, event, payload, ts) VALUES (-5, NULL, x'00', 1.5), (20000, 7, 'é', '');
      DELETE FROM evidence WHERE id = 20000; DELETE FROM evidence WHERE id BETWEEN 100 AND 5000
      """)
    let copy = try copy(store)
    for sql in [
      "SELECT * FROM evidence ORDER BY id", "SELECT seq FROM sqlite_sequence", "PRAGMA encoding",
      "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'evidence' ORDER BY name",
    ] {
      #expect(try dump(copy, sql) == dump(store.path, sql))
    }
    #expect(try dump(copy, "SELECT name FROM sqlite_schema WHERE name = 'other'") == "")
  }

  @Test(arguments: [true, false])
  func anEmptyTableIsACopyToo(autoincrement: Bool) throws {
    let store = try TemporaryStore(autoincrement: autoincrement)
    let manifest = try BackupManifest.read(ofCopy: copy(store))
    #expect(manifest.rows == 0 && manifest.firstID == nil && manifest.lastID == nil)
    try store.append(3)
    try store.execute("DELETE FROM evidence")
    let sequence = autoincrement ? "(3,)\n" : ""
    let sql = "SELECT seq FROM sqlite_sequence"
    if autoincrement { #expect(try dump(copy(store), sql) == sequence) }
  }

  @Test func theManifestSaysWhatIsInTheCopy() throws {
    let store = try TemporaryStore(name: "odd ?.db")
    try store.append(20)
    try store.execute("DELETE FROM evidence WHERE id < 4")
    let file = try copy(store)
    let manifest = try BackupManifest.read(ofCopy: file)
    #expect(manifest.store == "s" && manifest.path == store.path)
    #expect(manifest.rows == 17 && manifest.firstID == 4 && manifest.lastID == 20)
    #expect(manifest.time == "2026-01-02T03:04:05.000000Z")
    let sum = try dump(store.path, "SELECT 1")
    #expect(!sum.isEmpty && manifest.sha256.count == 64)
    let text = try String(contentsOfFile: file + ".json", encoding: .utf8)
    #expect(text.contains("\"last_id\" : 20"))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func aChangedCopyDisagrees() throws {
    let store = try TemporaryStore()
    try store.append(2000)
    let file = try copy(store)
    let manifest = try BackupManifest.read(ofCopy: file)
    let good = try Data(contentsOf: URL(fileURLWithPath: file))
    for place in [0, 100, 5000, good.count / 2, good.count - 1] {
      var bad = good
      bad[place] ^= 1
      try bad.write(to: URL(fileURLWithPath: file))
      #expect(manifest.disagreements(withCopy: file).first?.hasPrefix("sha256") == true)
    }
    try good.prefix(good.count - 4096).write(to: URL(fileURLWithPath: file))
    #expect(manifest.disagreements(withCopy: file).first?.hasPrefix("bytes") == true)
    try FileManager.default.removeItem(atPath: file)
    #expect(manifest.disagreements(withCopy: file).first?.contains("No such file") == true)
  }

  @Test func whatIsNoEvidenceLeavesNothing() throws {
    let other = try TemporaryStore()
    try other.execute("DROP TABLE evidence; CREATE VIEW evidence AS SELECT 1 AS id")
    let empty = try TemporaryStore(journal: "wal")
    try empty.execute("DROP TABLE evidence")
    let text = try folder.make("text.db", String(repeating: "text", count: 2000))
    for path in [other.path, empty.path, text] {
      #expect(throws: BackupError.self) {
        try StoreBackup(store: "s", path: path).copy(to: folder.path + "/copy.db") { now }
      }
    }
    #expect(throws: BackupError.self) { try StoreBackup(store: "s", path: folder.path + "/no.db") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["text.db"])
  }

  @Test func aDamagedDatabaseIsNoCopyAndTheOldOneStays() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(2000)
    let file = try copy(store)
    let old = try Data(contentsOf: URL(fileURLWithPath: file))
    store.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: store.path))
    for place in 8192..<9000 { bytes[place] = 0xff }
    try bytes.write(to: URL(fileURLWithPath: store.path))
    #expect(throws: BackupError.self) { try copy(store) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == old)
    #expect(!FileManager.default.fileExists(atPath: file + ".partial"))
  }

  @Test func aDatabaseIsNotReplacedByItsCopy() throws {
    let store = try TemporaryStore()
    #expect(throws: BackupError.self) {
      try StoreBackup(store: "s", path: store.path).copy(to: store.path) { now }
    }
    #expect(try store.files == ["evidence.db"])
  }

  @Test(arguments: ["-wal", "-shm", "-journal"])
  func noFileThatSQLiteKeepsBesideTheDatabaseIsReplaced(suffix: String) throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(3)
    let files = try store.files
    let directory = PartialFile.directory(of: store.path)
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory)
    for place in [directory, link, directory + "/."] {
      let error = #expect(throws: BackupError.self) {
        try StoreBackup(store: "s", path: store.path)
          .copy(to: place + "/evidence.db" + suffix) { now }
      }
      #expect(error?.description.contains("belongs to the database") == true)
    }
    #expect(try store.files == files)
  }

  @Test(arguments: [".json", ".partial", ".json.partial"])
  func aDatabaseIsNotReplacedByWhatStandsBesideItsCopy(suffix: String) throws {
    let store = try TemporaryStore(name: "evidence.db" + suffix)
    try store.append(3)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: store.path))
    #expect(throws: BackupError.self) {
      try StoreBackup(store: "s", path: store.path)
        .copy(to: String(store.path.dropLast(suffix.count))) { now }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: store.path)) == bytes)
    #expect(try store.files == ["evidence.db" + suffix])
  }

  @Test func onlyWholeCopiesOfThisStoreAreCountedAndDeleted() throws {
    let store = try TemporaryStore()
    try store.append(10)
    let backup = try StoreBackup(store: "s", path: store.path)
    let stranger = try TemporaryStore()
    var seconds: Int64 = 1_767_323_045
    func next() -> UnixTime {
      seconds += 1
      return UnixTime(seconds: seconds, nanoseconds: 0)
    }
    let first = try backup.copy(into: folder.path, keep: nil, now: next).file
    let spoiled = try backup.copy(into: folder.path, keep: nil, now: next).file
    let third = try backup.copy(into: folder.path, keep: nil, now: next).file
    try Data("x".utf8).write(to: URL(fileURLWithPath: spoiled))
    let foreign = try StoreBackup(store: "s", path: stranger.path)
      .copy(into: folder.path, keep: nil, now: next).file
    try folder.make("s-notes.db", "mine")
    try folder.make("s-20200101T000000Z.db.partial", "left")
    let fourth = try backup.copy(into: folder.path, keep: 2, now: next).file
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let copies = names.filter { $0.hasSuffix(".db") }.map { folder.path + "/" + $0 }
    #expect(Set(copies) == [spoiled, third, foreign, fourth, folder.path + "/s-notes.db"])
    #expect(!names.contains { $0.hasSuffix(".partial") })
    #expect(!FileManager.default.fileExists(atPath: first + ".json"))
  }

  @Test func twoCopiesOfOneSecondHaveTwoNames() throws {
    let store = try TemporaryStore()
    let backup = try StoreBackup(store: "a/b", path: store.path)
    let files = try (0..<3).map { _ in try backup.copy(into: folder.path, keep: nil) { now }.file }
    #expect(
      files.map { $0.dropFirst(folder.path.count + 1) } == [
        "a_b-20260102T030405Z.db", "a_b-20260102T030405Z-1.db", "a_b-20260102T030405Z-2.db",
      ])
  }

  @Test func aCopyThatIsBeingMadeIsNotTakenAway() throws {
    let target = folder.path + "/x.db"
    let made = try PartialFile(for: target)
    try made.write([1, 2, 3])
    #expect(throws: SystemFailure.self) { try PartialFile(for: target) }
    #expect(throws: SystemFailure.self) { try PartialFile.removeLeftover(made.path) }
    try made.publish()
    #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data([1, 2, 3]))
  }
}
