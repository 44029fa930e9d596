import EvidenceStore
import LinuxSystem
import Testing

@testable import Following

/// Every transition of the table in ``FollowSchedule``, with the time passed in.
struct FollowScheduleTests {
  private typealias Action = FollowSchedule.Action

  /// A schedule, and what it is told, one thing after the other.
  private struct Story {
    var schedule = FollowSchedule()
    var now = ContinuousClock.now

    mutating func tell(_ event: FollowSchedule.Event, after wait: Duration = .zero) -> Action {
      now = now.advanced(by: wait)
      return schedule.handle(event, at: now)
    }

    mutating func turn(_ turn: FollowedStore.Turn, after wait: Duration = .zero) -> Action {
      tell(.turnEnded(turn), after: wait)
    }

    /// Watched and read for the first time, which came to this.
    init(_ turn: FollowedStore.Turn) {
      _ = tell(.configured)
      _ = tell(.watched(.complete))
      _ = self.turn(turn)
    }

    init() {}
  }

  // MARK: The table

  /// The states, and the turn that leads to each.
  private static let states: [(name: String, turn: FollowedStore.Turn?)] = [
    ("working", nil), ("retrying", .unchanged), ("WAL open", .walOpen), ("idle", .idle),
    ("missing", .failed(.missing)), ("failed", .failed(.corrupt)),
  ]

  private static func retry(_ milliseconds: Double) -> Action {
    .retry(after: .microseconds(Int(milliseconds * 1000)))
  }

  private static func check(_ seconds: Double) -> Action {
    .check(after: .milliseconds(Int(seconds * 1000)))
  }

  /// The actions are those in the order of ``states``; `nil` where the event does not occur.
  private static let table: [(event: FollowSchedule.Event, actions: [Action?])] = [
    (.configured, [.watch, .watch, .watch, .watch, .watch, .watch]),
    (.changed(.moved), [.watch, .watch, .watch, .watch, .watch, .watch]),
    (.changed(.written), [nil, .rest, retry(1), retry(1), retry(1), retry(20)]),
    (.changed(.finished), [nil, retry(0.2), retry(0.2), retry(0.2), retry(0.2), retry(20)]),
    (.changed(.closing), [nil, .rest, .rest, .rest, .rest, .rest]),
    (.watched(.complete), [.read, nil, nil, nil, nil, nil]),
    (.turnEnded(.more), [.read, .watch, .watch, .watch, .watch, .watch]),
    (.turnEnded(.readToEnd), [retry(1), retry(1), retry(1), retry(1), retry(1), retry(1)]),
    (.turnEnded(.unchanged), [retry(1), retry(2), retry(1), retry(1), retry(1), retry(1)]),
    (.turnEnded(.failed(.locked)), [retry(1), retry(2), retry(1), retry(1), retry(1), retry(1)]),
    (
      .turnEnded(.walOpen),
      [check(0.25), check(0.25), check(1), check(0.25), check(0.25), check(0.25)]
    ),
    (.turnEnded(.idle), [check(1), check(1), check(1), check(4), check(1), check(1)]),
    (
      .turnEnded(.failed(.missing)), [check(3), check(3), check(3), check(3), check(3), check(3)]
    ),
    (
      .turnEnded(.failed(.corrupt)), [check(1), check(1), check(1), check(1), check(1), check(1)]
    ),
  ]

  @Test(arguments: table.indices, states.indices)
  func eachEventHasItsActionInEachState(row: Int, column: Int) {
    let (event, actions) = Self.table[row]
    guard let expected = actions[column] else { return }
    var story = Story()
    _ = story.tell(.configured)
    _ = story.tell(.watched(.complete))
    if let turn = Self.states[column].turn { _ = story.turn(turn) }
    #expect(story.tell(event) == expected, "\(event) in state \(Self.states[column].name)")
  }

  @Test func aStoreIsWatchedBeforeItsFirstRead() {
    var story = Story()
    #expect(story.tell(.configured) == .watch)
    #expect(story.tell(.watched(.partial)) == .read)
  }

  // MARK: Writers at work

  @Test func aCommitThatIsUnderWayIsWaitedForLongerAndLonger() {
    var story = Story(.idle)
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(1)))
    var waits: [Duration] = []
    var wait = Duration.milliseconds(1)
    for _ in 0..<13 {
      guard case .retry(let next) = story.turn(.unchanged, after: wait) else { break }
      waits.append(next)
      wait = next
    }
    let powers = (0..<10).map { Duration.milliseconds(1 << $0) }
    #expect(waits == powers + Array(repeating: .seconds(1), count: 3))
  }

  @Test func aWriterWithoutAWALIsWaitedForInEarnestAfterFiftyMilliseconds() {
    var story = Story(.idle)
    _ = story.tell(.changed(.written))
    var waited = Duration.zero
    var wait = Duration.milliseconds(1)
    while case .retry(let next) = story.turn(.failed(.locked), after: wait) {
      waited += wait
      wait = next
    }
    #expect(waited + wait >= .milliseconds(50) && waited < .milliseconds(100))
    // Read in earnest, and locked still: from then on in turns, ever less often.
    #expect(story.turn(.failed(.locked)) == .retry(after: .milliseconds(64)))
    #expect(story.turn(.failed(.locked), after: .milliseconds(64)) == .read)
    #expect(story.turn(.unchanged) == .retry(after: .milliseconds(128)))
  }

  @Test func rowsBringTheShortWaitsBack() {
    var story = Story(.idle)
    _ = story.tell(.changed(.written))
    for _ in 0..<6 { _ = story.turn(.unchanged) }
    #expect(story.turn(.readToEnd) == .retry(after: .milliseconds(1)))
    #expect(story.turn(.unchanged) == .retry(after: .milliseconds(2)))
  }

  // MARK: File events

  @Test(arguments: [FollowedStore.Turn.idle, .walOpen, .failed(.missing)])
  func whatIsWrittenIsLookedAtOnceItIsACommit(turn: FollowedStore.Turn) {
    var story = Story(turn)
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(1)))
    story = Story(turn)
    #expect(story.tell(.changed(.finished)) == .retry(after: .microseconds(200)))
  }

  @Test func aDozenEventsAreOneLook() {
    var story = Story(.idle)
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(1)))
    for _ in 0..<9 {
      #expect(story.tell(.changed(.written), after: .microseconds(100)) == .rest)
    }
    #expect(story.tell(.changed(.finished)) == .rest)
  }

  @Test func anEventBringsALongWaitToAnEnd() {
    var story = Story(.idle)
    _ = story.tell(.changed(.written))
    for _ in 0..<8 { _ = story.turn(.unchanged) }
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(1)))
    #expect(story.tell(.changed(.finished)) == .retry(after: .microseconds(200)))
  }

  @Test func whereCommitsEndWithAnEventTheyAreWaitedFor() {
    var story = Story(.idle)
    _ = story.tell(.changed(.written))
    _ = story.tell(.changed(.finished))
    _ = story.turn(.walOpen)
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(8)))
    #expect(story.tell(.changed(.finished)) == .retry(after: .microseconds(200)))
    _ = story.turn(.idle)
    // The next one ends without.
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(8)))
    _ = story.turn(.walOpen, after: .milliseconds(8))
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(1)))
  }

  @Test func theIndexIsClosedBeforeTheOtherFilesOfAWriterThatEndsWithAnEvent() {
    var story = Story(.idle)
    _ = story.tell(.changed(.written))
    #expect(story.tell(.changed(.closing)) == .rest)
    _ = story.tell(.changed(.finished))
    _ = story.turn(.walOpen)
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(8)))
    #expect(story.tell(.changed(.closing)) == .retry(after: .microseconds(200)))
  }

  /// The exporter closes it, too, when it closes an idle WAL.
  @Test func anIndexThatIsClosedAnnouncesNoCommit() {
    var story = Story(.walOpen)
    _ = story.tell(.changed(.finished))
    _ = story.turn(.idle)
    #expect(story.tell(.changed(.closing)) == .rest)
    _ = story.tell(.changed(.written))
    _ = story.turn(.idle)
    #expect(story.tell(.changed(.closing)) == .rest)
    #expect(story.tell(.changed(.written)) == .retry(after: .milliseconds(1)))
  }

  @Test(arguments: [FileChange.written, .finished])
  func aStoreThatCannotBeReadIsTriedFiftyTimesASecondAtTheMost(change: FileChange) {
    var story = Story(.failed(.corrupt))
    #expect(story.tell(.changed(change)) == .retry(after: .milliseconds(20)))
  }

  // MARK: Stores at rest

  private func waits(_ turn: FollowedStore.Turn, _ events: FileEvents, _ count: Int) -> [Action] {
    var story = Story()
    _ = story.tell(.configured)
    _ = story.tell(.watched(events))
    return (0..<count).map { _ in story.turn(turn) }
  }

  @Test func aQuietStoreIsLeftAloneForLongerAndLongerUpToAMinute() {
    #expect(
      waits(.idle, .complete, 5)
        == [1, 4, 16, 60, 60].map { Action.check(after: .seconds($0)) })
  }

  @Test func aWALThatIsHeldOpenIsLookedAtSoonToLetGoOfIt() {
    #expect(
      waits(.walOpen, .complete, 4)
        == [250, 1000, 4000, 4000].map { Action.check(after: .milliseconds($0)) })
  }

  @Test func anythingButQuietBringsTheQuickChecksBack() {
    var story = Story(.idle)
    _ = story.turn(.idle)
    #expect(story.turn(.idle) == .check(after: .seconds(16)))
    _ = story.tell(.changed(.finished))
    #expect(story.turn(.idle) == .check(after: .seconds(1)))
  }

  @Test func aStoreWhoseEventsDoNotTellAllIsCheckedEachSecond() {
    #expect(
      waits(.idle, .partial, 4) == Array(repeating: Action.check(after: .seconds(1)), count: 4))
  }

  @Test func aStoreWithoutEventsIsCheckedTwentyTimesASecondAndWatchedAgainEachSecond() {
    let waits = waits(.idle, .absent, 21)
    #expect(waits.dropLast().allSatisfy { $0 == .check(after: .milliseconds(50)) })
    #expect(waits.last == .watch)
  }

  @Test(arguments: [FileEvents.absent, .partial, .complete])
  func aMissingStoreIsCheckedEveryThreeSecondsAndTriedOnceAMinute(events: FileEvents) {
    let waits = waits(.failed(.missing), events, 22)
    #expect(waits[..<20].allSatisfy { $0 == .check(after: .seconds(3)) })
    #expect(waits[20] == .read)
    #expect(waits[21] == .check(after: .seconds(3)))
  }

  @Test(arguments: [FileEvents.absent, .partial, .complete])
  func aStoreThatCannotBeReadIsTriedEachSecond(events: FileEvents) {
    let waits = waits(.failed(.permission), events, 3)
    #expect(waits == Array(repeating: .check(after: .seconds(1)), count: 3))
  }
}
