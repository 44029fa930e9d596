import Foundation
import LinuxSystem
import Logging
import Testing

@testable import Following

/// File events from the real inotify.
struct ChangeWatcherTests {
  private final class Store {}

  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("watched-" + UUID().uuidString)
  private let store = Store()
  private let watcher = ChangeWatcher(
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

  private func change(
    of name: String = "s.db", _ prepare: (URL) throws -> Void = { _ in },
    after change: (URL) throws -> Void
  ) throws -> FileChange? {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try prepare(folder)
    let path = folder.path + "/" + name
    #expect(watcher.watch(path, for: ObjectIdentifier(store)) != .absent)
    _ = watcher.takeChanges()
    try change(folder)
    return try #require(watcher.takeChanges())[ObjectIdentifier(store)]
  }

  @Test(arguments: [
    ("s.db", FileChange.finished), ("s.db-wal", .finished), ("s.db-journal", .finished),
    ("s.db-shm", .closing),
  ])
  func aFileThatIsWrittenAndClosedIsFinished(name: String, expected: FileChange) throws {
    let change = try change {
      try Data().write(to: $0.appendingPathComponent(name))
    } after: {
      let file = try FileHandle(forWritingTo: $0.appendingPathComponent(name))
      try file.write(contentsOf: [1])
      try file.close()
    }
    #expect(change == expected)
  }

  /// U+0301 joins the slash before it, U+0600 the hyphen after it.
  @Test(arguments: ["\u{301}s.db", "s\u{600}.db", "s\u{600}"])
  func aWriteToAStoreWithAnOddNameIsReported(name: String) throws {
    for suffix in ["", "-wal"] {
      let change = try change(of: name) {
        try Data([1]).write(to: URL(fileURLWithPath: $0.path + "/" + name + suffix))
      }
      #expect(change != nil, "\(suffix)")
    }
  }

  @Test(arguments: ["s.db", "s.db-wal", "s.db-journal"])
  func aFileThatStaysOpenIsWritten(name: String) throws {
    var file: FileHandle?
    let change = try change {
      try Data().write(to: $0.appendingPathComponent(name))
    } after: {
      file = try FileHandle(forWritingTo: $0.appendingPathComponent(name))
      try file?.write(contentsOf: [1])
    }
    #expect(change == .written)
    try file?.close()
  }

  @Test func aJournalThatIsRemovedIsFinished() throws {
    let change = try change {
      try Data().write(to: $0.appendingPathComponent("s.db-journal"))
    } after: {
      try FileManager.default.removeItem(at: $0.appendingPathComponent("s.db-journal"))
    }
    #expect(change == .finished)
  }

  @Test func aFileMovedIntoPlaceMoves() throws {
    let change = try change { folder in
      let other = folder.appendingPathComponent("other")
      try Data([1]).write(to: other)
      try FileManager.default.moveItem(at: other, to: folder.appendingPathComponent("s.db"))
    }
    #expect(change == .moved)
  }

  @Test func aDirectoryThatIsMovedAwayMoves() throws {
    let other = folder.appendingPathExtension("old")
    defer { try? FileManager.default.removeItem(at: other) }
    // The event itself ends the watch, and that is another event.
    let change = try change {
      try FileManager.default.moveItem(at: $0, to: other)
      _ = watcher.takeChanges()
    }
    #expect(change == .moved)
  }

  @Test(arguments: ["other.db", "s.db-wal2", "s"])
  func aWriteToAnotherFileTellsNothing(name: String) throws {
    let change = try change { try Data([1]).write(to: $0.appendingPathComponent(name)) }
    #expect(change == nil)
  }

  @Test func aStoreThatIsNotWatchedAnyMoreIsToldNothing() throws {
    let change = try change {
      watcher.unwatch(ObjectIdentifier(store))
      try Data([1]).write(to: $0.appendingPathComponent("s.db"))
    }
    #expect(change == nil)
  }

  @Test func aDirectoryThatIsNotThereGivesNoEvents() {
    #expect(watcher.watch("/does/not/exist/s.db", for: ObjectIdentifier(store)) == .absent)
  }
}
