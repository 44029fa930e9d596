import EvidenceStore
import Foundation
import LinuxSystem
import Logging
import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// Real stores, real file events, and a time that passes only when a test says so.
final class FollowTurnsTests {
  private let store: TemporaryStore
  private let followed: FollowedStore
  private let watcher = ChangeWatcher(
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  private let blocking = BlockingWork()
  private var turns: FollowTurns
  private let start = ContinuousClock.now
  private var passed = Duration.zero

  /// Work for other threads, which a test does itself.
  private final class BlockingWork {
    var work: [(FollowTurns.ID, @Sendable () -> FollowSchedule.Event)] = []
  }

  init() throws {
    store = try TemporaryStore()
    try store.append(3)
    followed = Self.follow(store.path)
    turns = FollowTurns(watcher: watcher, start: start) { [blocking] in
      blocking.work.append(($0, $1))
    }
  }

  private static func follow(_ path: String) -> FollowedStore {
    let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
    return FollowedStore(
      name: "s", path: path, shownPath: "s.db", settings: .init(),
      time: TimeSource(wall: { now }, monotonic: { ContinuousClock.now }),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Lets the time pass, and returns when something was done.
  @discardableResult
  private func pass(_ duration: Duration) -> [Duration] {
    let end = passed + duration
    var times: [Duration] = []
    while true {
      while let (id, work) = blocking.work.popLast() {
        turns.finish(work(), of: id, at: start.advanced(by: passed))
      }
      let next = turns.run(at: start.advanced(by: passed)).next.map { start.duration(to: $0) }
      if !blocking.work.isEmpty { continue }
      guard let next, next <= end else { break }
      passed = max(next, passed)
      times.append(next)
    }
    passed = end
    return times
  }

  private func seconds(_ duration: Duration) -> [Double] {
    pass(duration).map { $0 / .seconds(1) }
  }

  private func followToRest(_ followed: FollowedStore) {
    turns.follow([followed], at: start)
    pass(.milliseconds(100))
    #expect(followed.countedRows == 3)
  }

  @Test func aQuietStoreIsLookedAtLessAndLess() {
    followToRest(followed)
    #expect(seconds(.seconds(210)) == [2, 6, 22, 82, 142, 202])
    #expect(blocking.work.isEmpty)
  }

  @Test func aCommitIsReadByItsEventAtOnceAndHere() throws {
    followToRest(followed)
    try store.append(1)
    pass(.zero)
    #expect(followed.countedRows == 3)
    pass(FollowSchedule.firstWait)
    #expect(followed.countedRows == 4 && blocking.work.isEmpty)
  }

  @Test func aStoreWhoseEventsAreOthersIsFoundWithinAMinute() throws {
    let link = store.directory + ".link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: store.directory)
    defer { try? FileManager.default.removeItem(atPath: link) }
    let followed = Self.follow(link + "/evidence.db")
    followToRest(followed)
    #expect(seconds(.seconds(85)).count == 4)
    let other = try TemporaryStore()
    try other.append(1)
    other.close()
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: other.directory)
    pass(.seconds(56))
    #expect(followed.countedRows == 3)
    pass(.seconds(4))
    #expect(followed.countedRows == 1)
    try other.append(1)
    pass(.milliseconds(10))
    #expect(followed.countedRows == 2)
  }

  @Test func aStoreWhoseEventsDoNotTellAllIsCheckedOnAnotherThreadEachSecond() throws {
    let other = store.directory + ".other"
    try FileManager.default.linkItem(atPath: store.path, toPath: other)
    defer { try? FileManager.default.removeItem(atPath: other) }
    followToRest(followed)
    #expect(seconds(.seconds(5)) == [2, 3, 4, 5])
  }

  @Test func aStoreThatLeftIsNotLookedAt() {
    followToRest(followed)
    turns.follow([], at: start.advanced(by: passed))
    pass(.milliseconds(100))
    #expect(seconds(.seconds(5)).isEmpty)
  }

  @Test func aStoreThatLeavesWhileItIsReadIsForgotten() {
    turns.follow([followed], at: start)
    turns.follow([], at: start)
    pass(.seconds(5))
    #expect(blocking.work.isEmpty && followed.countedRows == nil)
  }

  @Test func aMissingStoreIsFoundWithinFiveSecondsThoughItsDirectoryWasMissing() throws {
    store.close()
    let away = store.directory + ".away"
    try FileManager.default.moveItem(atPath: store.directory, toPath: away)
    turns.follow([followed], at: start)
    #expect(seconds(.seconds(30)) == [3, 6, 9, 12, 15, 18, 21, 24, 27, 30])
    #expect(
      followed.state.snapshot(at: .init(seconds: 0, nanoseconds: 0)).status.readErrors == [
        .missing: 1
      ])
    try FileManager.default.moveItem(atPath: away, toPath: store.directory)
    pass(.seconds(5))
    #expect(followed.countedRows == 3)
  }

  @Test func aWALThatIsHeldOpenIsLetGoOf() async throws {
    try store.execute("PRAGMA journal_mode = WAL")
    try store.append(1)
    turns.follow([followed], at: start)
    pass(.milliseconds(100))
    #expect(followed.check() == .walOpen && followed.countedRows == 4)
    try await Task.sleep(for: .milliseconds(300))
    pass(.milliseconds(250))
    #expect(followed.check() == .idle)
  }

  @Test func aStoreUnderAWriterIsNeverQuiet() throws {
    #expect(followed.tick() == .readToEnd && followed.tick() == .idle)
    try store.execute("BEGIN IMMEDIATE")
    #expect(followed.check() == .failed(.locked) && followed.tickAtOnce() == .failed(.locked))
    #expect(followed.tick() == .unchanged)
    try store.execute("ROLLBACK")
    #expect(followed.tick() == .idle)
  }

  /// Nobody waits for these.
  @Test func otherFilesOfTheDirectoryAreHeardOfLessAndLess() throws {
    followToRest(followed)
    var pauses: [Duration] = []
    for number in 0..<7 {
      if number == 5 { try store.append(1) }
      try Data([1]).write(to: URL(fileURLWithPath: store.directory + "/log"))
      let now = start.advanced(by: passed)
      let (next, awaitsEvents) = turns.run(at: now)
      let pause = try #require(next.map { now.duration(to: $0) })
      #expect(!awaitsEvents)
      pauses.append(pause)
      passed += max(pause, .zero)
      if number == 5 { pass(.milliseconds(100)) }
    }
    #expect(Array(pauses[..<5]) == [2, 4, 8, 16, 16].map { Duration.milliseconds($0) })
    #expect(pauses[5] <= .milliseconds(1) && pauses[6] == .milliseconds(2))
  }
}
