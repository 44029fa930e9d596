package import EvidenceStore
package import ReflexiveCore
import Synchronization

/// What is known of one store: its tail writes here, scrapes read here.
///
/// Everything under the lock is pure and bounded by one batch, so a scrape never waits for a
/// database.
package final class StoreState: Sendable {
  /// For how long a locked store still counts as up.
  package static let lockTolerance: Duration = .seconds(30)

  /// What changed with a read, for the log.
  package enum Transition: Hashable, Sendable {
    case none
    case wentUp
    case wentDown
  }

  private struct State {
    var settings: StoreIndicators.Settings
    var indicators: StoreIndicators
    var status = StoreStatus()
    /// The rows that are there have been read to their end since the start or the last reset.
    var isCaughtUp = false
    /// It was read to its end once, or could not be read: it holds readiness back no more.
    var isSettled = false
    var failure: StoreReadError.Kind?
    var lockedSince: ContinuousClock.Instant?
    var version: UInt64 = 0
  }

  package let name: String
  package let path: String
  private let state: Mutex<State>

  package init(name: String, path: String, settings: StoreIndicators.Settings) {
    self.name = name
    self.path = path
    state = Mutex(State(settings: settings, indicators: StoreIndicators(settings)))
  }

  /// Takes in one pass of the tail and the evidence that it read, decoded.
  package func apply(_ pass: Pass, _ batch: EvidenceBatch, now: UnixTime) -> Transition {
    state.withLock { state in
      state.version += 1
      if let reset = pass.reset {
        state.status.resets[reset, default: 0] += 1
        state.indicators = StoreIndicators(state.settings)
        state.isCaughtUp = false
      }
      state.indicators.apply(batch, at: now)
      if state.isCaughtUp {
        for row in batch.evidence {
          if let time = row.time { state.status.commitToVisible.add(max(0, now.since(time))) }
        }
      }
      state.status.info = pass.info
      state.status.sizeBytes = pass.sizeBytes
      state.status.tailID = pass.tailID ?? 0
      state.status.backlog = pass.backlog
      if pass.reachedEnd { Self.reachEnd(&state, now: now) }
      return Self.succeed(&state)
    }
  }

  /// Notes that the store was looked at and had nothing new since it was last read to its end.
  package func confirmEnd(now: UnixTime) {
    state.withLock { Self.reachEnd(&$0, now: now) }
  }

  /// Takes in a failed read. What is known of the store stays served.
  package func fail(_ kind: StoreReadError.Kind, at instant: ContinuousClock.Instant) -> Transition
  {
    state.withLock { state in
      state.version += 1
      state.status.readErrors[kind, default: 0] += 1
      state.isSettled = true
      let isNew = state.failure != kind
      state.failure = kind
      if kind == .locked {
        let since = state.lockedSince ?? instant
        state.lockedSince = since
        guard since.duration(to: instant) >= Self.lockTolerance else { return .none }
      } else {
        state.lockedSince = nil
      }
      defer { state.status.isUp = false }
      return state.status.isUp || isNew ? .wentDown : .none
    }
  }

  /// Takes up other limits in place.
  ///
  /// - Returns: false, and nothing is changed, if the rows have to be counted anew.
  package func adopt(_ settings: StoreIndicators.Settings) -> Bool {
    state.withLock { state in
      guard state.indicators.adopt(settings) else { return false }
      state.version += 1
      state.settings = settings
      return true
    }
  }

  /// Forgets all evidence, to count it anew from the rows.
  package func recount(_ settings: StoreIndicators.Settings) {
    state.withLock { state in
      state.version += 1
      state.settings = settings
      state.indicators = StoreIndicators(settings)
      state.isCaughtUp = false
    }
  }

  /// Another number means that a snapshot says something else, but for what time alone changes.
  package var version: UInt64 { state.withLock { $0.version } }

  /// What the rows have come to so far.
  package var indicators: StoreIndicators { state.withLock { $0.indicators } }

  /// Takes up what rows came to that were read before a restart. Served is it when the rest has been
  /// read: less than was last served would look as if the counters had been reset.
  package func resume(_ indicators: StoreIndicators) {
    state.withLock { state in
      state.version += 1
      state.indicators = indicators
    }
  }

  /// Whether it was read to its end once, or cannot be read.
  package var isSettled: Bool { state.withLock { $0.isSettled } }

  package func snapshot(at now: UnixTime) -> StoreSnapshot {
    state.withLock { state in
      StoreSnapshot(
        name: name, path: path, objectives: state.settings.objectives, status: state.status,
        evidence: state.isCaughtUp ? state.indicators.snapshot(at: now) : nil)
    }
  }

  private static func reachEnd(_ state: inout State, now: UnixTime) {
    state.isCaughtUp = true
    state.isSettled = true
    state.status.lastRead = now
    state.status.backlog = 0
  }

  private static func succeed(_ state: inout State) -> Transition {
    let wasDown = state.failure != nil && !state.status.isUp
    state.failure = nil
    state.lockedSince = nil
    state.status.isUp = true
    return wasDown ? .wentUp : .none
  }
}
