import EvidenceStore
import LinuxSystem

/// Decides when one store is watched, checked and read. A state machine: an event and an instant go
/// in, an action comes out. It reads no clock and does nothing itself.
///
/// | state | event | next state | action |
/// | --- | --- | --- | --- |
/// | any | `configured`, or `changed(.moved)` | working | `.watch` |
/// | working | `watched` | working | `.read` |
/// | working | `turnEnded(.more)` | working | `.read` |
/// | any other | `turnEnded(.more)` | working | `.watch` |
/// | any | `turnEnded(.readToEnd)` | retrying | `.retry(after: 1 ms)` |
/// | any | `turnEnded(.unchanged)` or `turnEnded(.failed(.locked))` | retrying | `.retry(after:)` 1, 2, 4 … ms, up to 1 s |
/// | any but working | `turnEnded(.failed(.locked))`, 50 ms after the first | working | `.read` |
/// | any | `turnEnded(.walOpen)` | WAL open | `.check(after:)` 0.25, 1, 4 s |
/// | any | `turnEnded(.idle)` | idle | `.check(after:)` 1, 4, 16, 60 s |
/// | idle, without events | `turnEnded(.idle)`, after 20 checks | working | `.watch` |
/// | any | `turnEnded(.failed(.missing))` | missing | `.check(after: 3 s)` |
/// | missing | `turnEnded(.failed(.missing))`, after 20 checks | working | `.read` |
/// | any | `turnEnded(.failed)`, any other kind | failed | `.check(after: 1 s)` |
/// | retrying, and due within the wait | `changed(.written)` or `changed(.finished)` | retrying | `.rest` |
/// | retrying, WAL open, idle, missing | `changed(.written)` | retrying | `.retry(after: 1 ms)`, or 8 ms |
/// | retrying, WAL open, idle, missing | `changed(.finished)` | retrying | `.retry(after: 0.2 ms)` |
/// | retrying, if the latest commit ended with an event | `changed(.closing)` | retrying | `.retry(after: 0.2 ms)` |
/// | any other | `changed(.closing)` | the same | `.rest` |
/// | failed | `changed(.written)` or `changed(.finished)` | retrying | `.retry(after: 20 ms)` |
///
/// - The waits before a check apply if file events report every write. If they report some, a store
///   is checked each second. If there are none, it is checked twenty times a second.
/// - Many writers close a file or delete a journal after a commit, which is an event. If the latest
///   commit ended like that, the next one is expected to, too, and the first retry comes after 8
///   ms.
/// - A retry reads what can be read at once. A check reads nothing. `.read` may wait for a writer.
struct FollowSchedule: Sendable {
  typealias Instant = ContinuousClock.Instant

  enum Event: Hashable, Sendable {
    /// The store was added, or its settings have changed.
    case configured
    case changed(FileChange)
    /// The outcome of `.watch`.
    case watched(FileEvents)
    /// The outcome of `.read`, `.retry` and `.check`.
    case turnEnded(FollowedStore.Turn)
  }

  enum Action: Hashable, Sendable {
    /// Renew the watch on the files.
    case watch
    /// Take a turn that may wait.
    case read
    /// After this time take a turn that does not wait, unless another action comes first.
    case retry(after: Duration)
    /// After this time take a quick check, unless another action comes first.
    case check(after: Duration)
    /// Nothing: the latest action stands.
    case rest
  }

  private enum State: Hashable, Sendable {
    /// The store is being watched or read.
    case working
    case retrying(due: Instant)
    case walOpen(checks: Int)
    case idle(checks: Int)
    case missing(checks: Int)
    case failed
  }

  /// The debounce. A commit raises a dozen events and becomes visible after the first of them. A
  /// read after each would take processor time from the writer.
  static let firstWait: Duration = .milliseconds(1)
  /// The debounce for a commit that is expected to end with an event.
  static let unfinishedWait: Duration = .milliseconds(8)
  /// The debounce after such an event, because others follow at the end of a commit.
  static let finishedWait: Duration = .microseconds(200)
  static let longestWait: Duration = .seconds(1)
  /// The time after which a turn that waits reads a locked store.
  static let patience: Duration = .milliseconds(50)
  static let failedWait: Duration = .milliseconds(20)
  static let missingWait: Duration = .seconds(3)
  /// The checks between two reads of a missing store. The reads keep its count of errors rising.
  static let missingChecks = 19
  /// The checks, over one second, after which a store without events may have gained some.
  static let checksWithoutEvents = 20

  /// What file events report of the store.
  private(set) var events = FileEvents.absent
  private var state = State.working
  /// When the wait for a commit began, and the next retry delay.
  private var awaited: (since: Instant, wait: Duration)?
  /// The most telling change since the last time that no commit was awaited.
  private var announced: FileChange?
  /// Whether the latest commit ended with an event.
  private var finishes = false

  /// Takes one event at a time: while the store is watched or read, changes of its files wait until
  /// that has ended.
  mutating func handle(_ event: Event, at now: Instant) -> Action {
    switch event {
    case .configured, .changed(.moved): return work(.watch)
    case .changed(let change): return handle(change, at: now)
    case .watched(let events):
      self.events = events
      return work(.read)
    case .turnEnded(let turn): return handle(turn, at: now)
    }
  }

  private mutating func handle(_ change: FileChange, at now: Instant) -> Action {
    if change == .closing {
      guard finishes, case .retrying = state else { return .rest }
    } else {
      announced = max(announced ?? change, change)
    }
    let wait =
      switch (state, change) {
      case (.failed, _): Self.failedWait
      case (_, .finished), (_, .closing): Self.finishedWait
      default: finishes ? Self.unfinishedWait : Self.firstWait
      }
    if case .retrying(let due) = state, now.duration(to: due) <= wait { return .rest }
    awaited = nil
    return retry(after: wait, at: now)
  }

  private mutating func handle(_ turn: FollowedStore.Turn, at now: Instant) -> Action {
    let before = state
    if turn == .walOpen || turn == .idle, let announced {
      finishes = announced == .finished
      self.announced = nil
    }
    if turn != .unchanged, turn != .failed(.locked), turn != .more { awaited = nil }
    switch turn {
    // There may have been a commit in the meantime.
    case .readToEnd: return awaitCommit(at: now)
    case .more: return work(before == .working ? .read : .watch)
    case .unchanged, .failed(.locked):
      let isStuck = awaited.map { $0.since.duration(to: now) >= Self.patience } ?? false
      if turn != .unchanged, isStuck, before != .working { return work(.read) }
      return awaitCommit(at: now)
    case .walOpen:
      let checks = if case .walOpen(let checks) = before { checks + 1 } else { 0 }
      state = .walOpen(checks: checks)
      return check([.milliseconds(250), .seconds(1), .seconds(4)], checks)
    case .idle:
      let checks = if case .idle(let checks) = before { checks + 1 } else { 0 }
      if events == .absent, checks >= Self.checksWithoutEvents { return work(.watch) }
      state = .idle(checks: checks)
      return check([.seconds(1), .seconds(4), .seconds(16), .seconds(60)], checks)
    case .failed(.missing):
      let checks = if case .missing(let checks) = before { checks + 1 } else { 0 }
      if checks > Self.missingChecks { return work(.read) }
      state = .missing(checks: checks)
      return .check(after: Self.missingWait)
    case .failed:
      state = .failed
      return .check(after: .seconds(1))
    }
  }

  /// Waits for a commit, longer each time.
  private mutating func awaitCommit(at now: Instant) -> Action {
    let wait = awaited?.wait ?? Self.firstWait
    awaited = (awaited?.since ?? now, min(wait * 2, Self.longestWait))
    return retry(after: wait, at: now)
  }

  private mutating func work(_ action: Action) -> Action {
    state = .working
    return action
  }

  private mutating func retry(after wait: Duration, at now: Instant) -> Action {
    state = .retrying(due: now.advanced(by: wait))
    return .retry(after: wait)
  }

  private func check(_ waits: [Duration], _ checks: Int) -> Action {
    let wait = waits[min(checks, waits.count - 1)]
    switch events {
    case .complete: return .check(after: wait)
    case .partial: return .check(after: min(wait, .seconds(1)))
    case .absent: return .check(after: .milliseconds(50))
    }
  }
}
