import LinuxSystem
import EvidenceStore
import Foundation
import Logging
import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// A store as its follower and the polls see it, without waiting for anything.
struct PollSchedulerTests {
  private let store: TemporaryStore
  private let followed: FollowedStore
  private let wakeUp = WakeUp()
  private let polls = PollScheduler()
  private let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)

  init() throws {
    store = try TemporaryStore()
    try store.append(3)
    followed = FollowedStore(
      name: "s", path: store.path, shownPath: "s.db", settings: .init(),
      time: TimeSource(wall: { [now] in now }, monotonic: { ContinuousClock.now }),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    while followed.tick() == .more {}
    polls.add(followed, wakeUp)
    #expect(wakeUp.takeReasons() == .poll)
  }

  /// The seconds, out of so many, in which the store was polled, be it by a glance or a turn.
  private func polled(in seconds: Int) -> [(second: Double, isTurn: Bool)] {
    var passed = Duration.zero
    var polled: [(second: Double, isTurn: Bool)] = []
    while passed < .seconds(seconds) {
      let pause = polls.pause
      passed += pause
      let glances = polls.wakeDue(after: pause)
      for glance in glances { glance() }
      let isTurn = !wakeUp.takeReasons().isEmpty
      if isTurn || !glances.isEmpty { polled.append((passed / .seconds(1), isTurn)) }
    }
    return polled
  }

  @Test func aQuietStoreIsGlancedAtLessAndLessAndNeverWoken() throws {
    try #require(followed.tick() == .quiet)
    polls.note(.quiet, .complete, of: wakeUp)
    let polled = polled(in: 200)
    #expect(polled.map(\.second) == [4, 20, 80, 140, 200])
    #expect(polled.allSatisfy { !$0.isTurn })
  }

  @Test func whatAGlanceFindsWakesAndBringsTheQuickPollsBack() throws {
    polls.note(.quiet, .complete, of: wakeUp)
    try store.append(1)
    let woken = polled(in: 4)
    #expect(woken.map(\.second) == [4] && woken.allSatisfy { $0.isTurn })
    let turn = followed.tick()
    #expect(turn == .readToEnd && followed.countedRows == 4)
    polls.note(.busy, .complete, of: wakeUp)
    #expect(polled(in: 3).map(\.second) == [1, 2, 3])
  }

  @Test func aStoreThatIsReplacedUnnoticedIsFoundWithinAMinute() throws {
    polls.note(.quiet, .complete, of: wakeUp)
    #expect(polled(in: 80).count == 3)
    let other = try TemporaryStore()
    try other.append(1)
    other.close()
    store.close()
    try FileManager.default.moveItem(atPath: store.directory, toPath: store.directory + ".old")
    defer { try? FileManager.default.removeItem(atPath: store.directory + ".old") }
    try FileManager.default.moveItem(atPath: other.directory, toPath: store.directory)
    let found = polled(in: 60)
    #expect(found.map(\.second) == [60] && found.allSatisfy { $0.isTurn })
  }

  @Test func aStoreWhoseEventsDoNotTellAllIsWokenEachSecond() {
    polls.note(.quiet, .partial, of: wakeUp)
    let polled = polled(in: 5)
    #expect(polled.map(\.second) == [1, 2, 3, 4, 5] && polled.allSatisfy { $0.isTurn })
  }

  @Test func aStoreWithoutEventsIsWokenTwentyTimesASecond() {
    polls.note(.quiet, .absent, of: wakeUp)
    #expect(polled(in: 2).count { $0.isTurn } == 40)
  }

  @Test func aStoreThatLeftIsNotPolled() {
    polls.remove(wakeUp)
    #expect(polled(in: 5).isEmpty)
  }

  @Test func aWALThatIsHeldOpenIsNotQuiet() throws {
    try store.execute("PRAGMA journal_mode = WAL")
    try store.append(1)
    #expect(followed.tick() == .readToEnd)
    #expect(followed.hasNews())
    // Nobody is told when it has been quiet for long enough: that takes another look.
    var turn = followed.tick()
    let deadline = ContinuousClock.now.advanced(by: .seconds(30))
    while turn != .quiet, ContinuousClock.now < deadline { turn = followed.tick() }
    #expect(turn == .quiet && !followed.hasNews())
  }

  @Test func aMissingStoreIsGlancedAtUntilItsFileIsThere() throws {
    store.close()
    let away = store.directory + ".away"
    try FileManager.default.moveItem(atPath: store.directory, toPath: away)
    #expect(followed.hasNews())
    #expect(followed.tick() == .failed(.missing))
    polls.note(.missing, .absent, of: wakeUp)
    let glances = polled(in: 9)
    #expect(glances.map(\.second) == [3, 6, 9] && glances.allSatisfy { !$0.isTurn })
    #expect(followed.state.snapshot(at: now).status.readErrors[.missing] == 1)
    try FileManager.default.moveItem(atPath: away, toPath: store.directory)
    let found = polled(in: 4)
    #expect(found.map(\.second) == [3] && found.allSatisfy { $0.isTurn })
    #expect(followed.tick() == .readToEnd)
  }

  @Test func aMissingStoreIsTriedOnceAMinute() {
    store.close()
    #expect(unlink(store.path) == 0 && followed.tick() == .failed(.missing))
    polls.note(.missing, .absent, of: wakeUp)
    #expect(polled(in: 60).filter(\.isTurn).map(\.second) == [60])
  }

  @Test func aStoreUnderAWriterIsNeverQuiet() throws {
    #expect(followed.tick() == .quiet)
    try store.execute("BEGIN IMMEDIATE")
    #expect(followed.hasNews())
    #expect(followed.tick() != .quiet)
    try store.execute("ROLLBACK")
    #expect(followed.tick() != .more)
    #expect(followed.tick() == .quiet)
  }
}
