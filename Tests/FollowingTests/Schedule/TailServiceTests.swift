import Foundation
import Logging
import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// A store as the service follows it.
struct TailServiceTests {
  private let store: TemporaryStore
  private let followed: FollowedStore
  private let threads = TestThreads()

  init() throws {
    store = try TemporaryStore()
    try store.append(3)
    let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
    followed = FollowedStore(
      name: "s", path: store.path, shownPath: "s.db", settings: .init(),
      time: TimeSource(wall: { now }, monotonic: { ContinuousClock.now }),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func whileFollowed(_ body: () async throws -> Void) async throws {
    let registry = StoreRegistry()
    registry.replace(with: [followed], discovery: [])
    let watcher = ChangeWatcher(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let tail = TailService(registry: registry, watcher: watcher, threads: threads.pool)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await tail.run() }
      try await body()
      group.cancelAll()
    }
  }

  private func becomes(_ condition: () -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now.advanced(by: .seconds(240))
    while !condition(), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    return condition()
  }

  @Test(arguments: ["delete", "wal"])
  func aCommitIsSeen(journal: String) async throws {
    try store.execute("PRAGMA journal_mode = \(journal)")
    try await whileFollowed {
      #expect(try await becomes { followed.countedRows == 3 })
      for count in 4...6 {
        try store.append(1)
        #expect(try await becomes { followed.countedRows == count })
      }
    }
  }

  @Test func aMissingFileIsSeenWhenItAppears() async throws {
    let away = store.path + ".away"
    store.close()
    try #require(rename(store.path, away) == 0)
    try await whileFollowed {
      #expect(try await becomes { followed.state.isSettled })
      #expect(followed.countedRows == nil)
      try #require(rename(away, store.path) == 0)
      #expect(try await becomes { followed.countedRows == 3 })
    }
  }

  @Test func aReplacedFileIsSeen() async throws {
    let other = try TemporaryStore()
    try other.append(5)
    other.close()
    try await whileFollowed {
      #expect(try await becomes { followed.countedRows == 3 })
      try #require(rename(other.path, store.path) == 0)
      #expect(try await becomes { followed.countedRows == 5 })
    }
  }
}
