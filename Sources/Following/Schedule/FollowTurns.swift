import LinuxSystem

/// Carries out the actions of all stores' schedules. One caller at a time.
///
/// Stores whose events report every write are on local file systems. Their retries and checks take
/// microseconds and run on the caller's thread, which saves two context switches for each commit.
/// Everything else may block and runs on other threads.
struct FollowTurns {
  typealias Instant = ContinuousClock.Instant
  typealias ID = Int
  /// Runs work on a thread that may block. Its outcome goes to ``finish(_:of:at:)``.
  typealias RunBlocking = (ID, @escaping @Sendable () -> FollowSchedule.Event) -> Void

  private final class Member {
    let id: ID
    let store: FollowedStore
    var schedule = FollowSchedule()
    var planned: (action: FollowSchedule.Action, due: Instant)?
    /// Whether work runs on another thread. Events wait for its end.
    var isBusy = false
    var waiting: [FollowSchedule.Event] = []

    init(_ id: ID, _ store: FollowedStore) {
      self.id = id
      self.store = store
    }
  }

  /// The pause after reading file events. It grows while only other files of the directories
  /// change, such as a log.
  private static let shortestPause: Duration = .milliseconds(1)
  private static let longestPause: Duration = .milliseconds(16)

  private let watcher: ChangeWatcher
  private let runBlocking: RunBlocking
  private var members: [ID: Member] = [:]
  private var ids: [ObjectIdentifier: ID] = [:]
  private var lastID = 0
  private var timetable = Timetable<ID>()
  private var pause = shortestPause
  private var earliestRead: Instant
  private let start: Instant

  init(watcher: ChangeWatcher, start: Instant, runBlocking: @escaping RunBlocking) {
    self.watcher = watcher
    self.runBlocking = runBlocking
    self.start = start
    earliestRead = start
  }

  /// Follows these stores and no others. It reads those that it already followed again, because
  /// their settings may have changed.
  mutating func follow(_ stores: [FollowedStore], at now: Instant) {
    let wanted = Set(stores.map(ObjectIdentifier.init))
    for (store, id) in ids where !wanted.contains(store) { leave(id, store) }
    for store in stores {
      let id = ids[ObjectIdentifier(store)] ?? join(store)
      if let member = members[id] { handle(.configured, of: member, at: now) }
    }
  }

  private mutating func join(_ store: FollowedStore) -> ID {
    lastID += 1
    ids[ObjectIdentifier(store)] = lastID
    members[lastID] = Member(lastID, store)
    return lastID
  }

  private mutating func leave(_ id: ID, _ store: ObjectIdentifier) {
    if let member = members.removeValue(forKey: id) { plan(nil, of: member) }
    ids[store] = nil
    watcher.unwatch(store)
  }

  /// Handles the outcome of work on another thread.
  mutating func finish(_ event: FollowSchedule.Event, of id: ID, at now: Instant) {
    guard let member = members[id] else { return }
    let waiting = member.waiting
    member.waiting = []
    member.isBusy = false
    for event in [event] + waiting { handle(event, of: member, at: now) }
  }

  /// Performs everything that is due.
  ///
  /// - Returns: when something is due next, and whether to read file events before that.
  mutating func run(at now: Instant) -> (next: Instant?, awaitsEvents: Bool) {
    let due = timetable.due(at: now)
    // Events come first, so that the result of a check includes what they announced.
    if now >= earliestRead || !due.isEmpty { takeChanges(at: now) }
    // One action for each, so that a store with a fast writer does not keep the others waiting.
    for id in timetable.due(at: now) {
      guard let member = members[id], let action = member.planned?.action else { continue }
      plan(nil, of: member)
      perform(action, of: member, at: now)
    }
    let awaitsEvents = earliestRead <= now
    let next = [timetable.next, awaitsEvents ? nil : earliestRead].compactMap(\.self).min()
    return (next, awaitsEvents)
  }

  private mutating func takeChanges(at now: Instant) {
    guard let changes = watcher.takeChanges() else {
      earliestRead = now
      return
    }
    pause = changes.isEmpty ? min(pause * 2, Self.longestPause) : Self.shortestPause
    earliestRead = now.advanced(by: pause)
    for (store, change) in changes {
      guard let id = ids[store], let member = members[id] else { continue }
      handle(.changed(change), of: member, at: now)
    }
  }

  private mutating func handle(_ event: FollowSchedule.Event, of member: Member, at now: Instant) {
    if member.isBusy {
      if !member.waiting.contains(event) { member.waiting.append(event) }
      return
    }
    let action = member.schedule.handle(event, at: now)
    switch action {
    case .rest: return
    case .watch, .read:
      plan(nil, of: member)
      perform(action, of: member, at: now)
    case .retry(let wait), .check(let wait):
      plan((action, due(in: wait, at: now)), of: member)
    }
  }

  /// Waits of seconds end at full seconds, so that many stores are due at the same time.
  private func due(in wait: Duration, at now: Instant) -> Instant {
    let due = now.advanced(by: wait)
    guard wait >= .seconds(1) else { return due }
    let (seconds, attoseconds) = start.duration(to: due).components
    return start.advanced(by: .seconds(seconds + (attoseconds > 0 ? 1 : 0)))
  }

  private mutating func plan(
    _ next: (action: FollowSchedule.Action, due: Instant)?, of member: Member
  ) {
    if let before = member.planned { timetable.remove(member.id, due: before.due) }
    member.planned = next
    if let next { timetable.insert(member.id, due: next.due) }
  }

  private mutating func perform(
    _ action: FollowSchedule.Action, of member: Member, at now: Instant
  ) {
    let (store, watcher) = (member.store, watcher)
    let isQuick = member.schedule.events == .complete
    switch action {
    case .watch:
      startBlocking(member) { .watched(watcher.watch(store.path, for: ObjectIdentifier(store))) }
    case .read: startBlocking(member) { .turnEnded(store.tick()) }
    case .retry where isQuick: handle(.turnEnded(store.tickAtOnce()), of: member, at: now)
    case .retry: startBlocking(member) { .turnEnded(store.tickAtOnce()) }
    case .check where isQuick: handle(.turnEnded(store.check()), of: member, at: now)
    case .check: startBlocking(member) { .turnEnded(store.check()) }
    case .rest: break
    }
  }

  private func startBlocking(
    _ member: Member, _ work: @escaping @Sendable () -> FollowSchedule.Event
  ) {
    member.isBusy = true
    runBlocking(member.id, work)
  }
}
