import LinuxSystem
import Foundation
import Logging
import Testing

@testable import Following

/// File events from the real inotify.
struct ChangeWatcherTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("watched-" + UUID().uuidString)

  private func reason(
    of name: String = "s.db", after change: @escaping @Sendable (URL) throws -> Void
  ) async throws -> WakeUp.Reasons? {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let watcher = ChangeWatcher(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let wakeUp = WakeUp()
    #expect(watcher.watch(folder.path + "/" + name, wakeUp) != .absent)
    return try await withThrowingTaskGroup(of: WakeUp.Reasons?.self) { group in
      group.addTask {
        try await watcher.run()
        return nil
      }
      group.addTask {
        for await _ in wakeUp.wakes { return wakeUp.takeReasons() }
        return nil
      }
      group.addTask {
        try await Task.sleep(for: .seconds(5))
        return nil
      }
      try change(folder)
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }

  @Test(arguments: ["s.db", "s.db-wal", "s.db-journal"])
  func aWriteToOneOfTheFilesOfAStoreWakes(name: String) async throws {
    let reason = try await reason { try Data([1]).write(to: $0.appendingPathComponent(name)) }
    #expect(reason == .fileEvent)
  }

  /// U+0301 joins the slash before it, U+0600 the hyphen after it.
  @Test(arguments: ["\u{301}s.db", "s\u{600}.db", "s\u{600}"])
  func aWriteToAStoreWithAnOddNameWakes(name: String) async throws {
    for suffix in ["", "-wal"] {
      let reason = try await reason(of: name) {
        try Data([1]).write(to: URL(fileURLWithPath: $0.path + "/" + name + suffix))
      }
      #expect(reason == .fileEvent, "\(suffix)")
    }
  }

  @Test func aFileMovedIntoPlaceWakes() async throws {
    let reason = try await reason { folder in
      let other = folder.appendingPathComponent("other")
      try Data([1]).write(to: other)
      try FileManager.default.moveItem(at: other, to: folder.appendingPathComponent("s.db"))
    }
    #expect(reason == .fileEvent)
  }

  @Test func aDirectoryThatIsMovedAwayWakes() async throws {
    let other = folder.appendingPathExtension("old")
    defer { try? FileManager.default.removeItem(at: other) }
    let reason = try await reason { try FileManager.default.moveItem(at: $0, to: other) }
    #expect(reason == .fileEvent)
  }

  @Test func aPollIsNoFileEvent() {
    let wakeUp = WakeUp()
    wakeUp.wake(.poll)
    #expect(wakeUp.takeReasons() == .poll)
    wakeUp.wake(.fileEvent)
    wakeUp.wake(.poll)
    #expect(wakeUp.takeReasons() == [.fileEvent, .poll])
    #expect(wakeUp.takeReasons().isEmpty)
  }

  @Test func aDirectoryThatIsNotThereGivesNoEvents() {
    let watcher = ChangeWatcher(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    #expect(watcher.watch("/does/not/exist/s.db", WakeUp()) == .absent)
  }
}
