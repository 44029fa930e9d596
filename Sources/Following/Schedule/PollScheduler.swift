import LinuxSystem
import NIOPosix
import Synchronization

/// Looks at all stores now and then, whatever events tell: one timer, however many stores.
///
/// Stores at rest are glanced at in one go, for that costs far less than to wake each of them.
final class PollScheduler: Sendable {
  private typealias ID = ObjectIdentifier

  private struct Member {
    let store: FollowedStore
    let wakeUp: WakeUp
    var rhythm = PollBackoff()
    /// In grains; what is planned for another time is out of date.
    var due = 0
  }

  private struct State {
    var members: [ID: Member] = [:]
    /// Who may be due, by the time in grains.
    var plan: [Int: [ID]] = [:]
    /// Grains since the start.
    var now = 0

    /// Plans for the member's next poll; at full seconds, where it waits that long, so that many
    /// are due at a time.
    mutating func plan(_ id: ID) {
      guard let wait = members[id]?.rhythm.wait else { return }
      var due = now + max(Int(wait / grain), 1)
      if wait >= .seconds(1) { due = (due + second - 1) / second * second }
      members[id]?.due = due
      plan[due, default: []].append(id)
    }

    mutating func change(_ id: ID, _ body: (inout PollBackoff) -> Void) {
      guard let before = members[id]?.rhythm else { return }
      var rhythm = before
      body(&rhythm)
      members[id]?.rhythm = rhythm
      if rhythm.wait != before.wait { plan(id) }
    }

    /// - Returns: who is due meanwhile, each planned for again.
    mutating func advance(by grains: Int) -> [Member] {
      var due: [Member] = []
      for time in now..<now + grains {
        now = time + 1
        for id in plan.removeValue(forKey: now) ?? [] {
          guard let member = members[id], member.due == now else { continue }
          due.append(member)
          plan(id)
        }
      }
      return due
    }
  }

  private static let grain: Duration = .milliseconds(50)
  private static let second = 20

  private let state = Mutex(State())

  /// Polls a store from now on, and at once.
  func add(_ store: FollowedStore, _ wakeUp: WakeUp) {
    state.withLock { state in
      state.members[ID(wakeUp)] = Member(store: store, wakeUp: wakeUp)
      state.plan(ID(wakeUp))
    }
    wakeUp.wake(.poll)
  }

  func remove(_ wakeUp: WakeUp) {
    state.withLock { $0.members[ID(wakeUp)] = nil }
  }

  /// Takes in a look at a store: see ``PollBackoff/note(_:_:)``.
  func note(_ finding: PollBackoff.Finding, _ events: FileEvents, of wakeUp: WakeUp) {
    state.withLock { state in state.change(ID(wakeUp)) { $0.note(finding, events) } }
  }

  /// Until cancelled.
  func run(threads: NIOThreadPool) async {
    while !Task.isCancelled {
      let pause = pause
      do { try await Task.sleep(for: pause) } catch { return }
      let atRest = wakeDue(after: pause)
      guard !atRest.isEmpty else { continue }
      try? await threads.runIfActive { for glance in atRest { glance() } }
    }
  }

  /// Until somebody may be due.
  var pause: Duration {
    state.withLock { state in
      let grains = (1..<Self.second).first { state.plan[state.now + $0] != nil }
      return Self.grain * (grains ?? Self.second)
    }
  }

  /// Wakes those who are due now that `pause` is over.
  ///
  /// - Returns: glances at the stores at rest that are due: each blocks for some microseconds.
  func wakeDue(after pause: Duration) -> [@Sendable () -> Void] {
    let due = state.withLock { $0.advance(by: Int(pause / Self.grain)) }
    for member in due where !member.rhythm.isAtRest { member.wakeUp.wake(.poll) }
    return due.filter(\.rhythm.isAtRest).map { member in { self.glance(at: member) } }
  }

  private func glance(at member: Member) {
    let id = ID(member.wakeUp)
    if member.store.hasNews() {
      member.wakeUp.wake(.poll)
    } else {
      state.withLock { state in state.change(id) { $0.noteGlance() } }
    }
  }
}
