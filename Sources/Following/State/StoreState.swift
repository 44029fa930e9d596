package import EvidenceStore
package import ReflexiveCore
import Synchronization

/// The state of one store. Its tail writes it, and scrapes read it.
///
/// Everything under the lock is pure and bounded, so a scrape never waits for a database.
package final class StoreState: Sendable {
  /// How long a locked store still counts as up.
  package static let lockTolerance: Duration = .seconds(30)

  /// A change that a read made, for the log.
  package enum Transition: Hashable, Sendable {
    case none
    case wentUp
    case wentDown
  }

  private struct State {
    var settings: StoreIndicators.Settings
    var indicators: StoreIndicators
    var status = StoreStatus()
    /// Whether all rows have been read since the start or the last reset.
    var isCaughtUp = false
    /// Whether it was read to its end once, or could not be read. Readiness no longer waits for it.
    var isSettled = false
    /// The highest id ever read, whatever has happened to the file since.
    var greatestID: Int64?
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

  /// Applies one pass of the tail with its decoded evidence.
  ///
  /// - Parameter batch: gets the indices of its names.
  package func apply(_ pass: Pass, _ batch: inout EvidenceBatch, now: UnixTime) -> Transition {
    state.withLock { state in
      state.version += 1
      if let reset = pass.reset {
        state.status.resets[reset, default: 0] += 1
        state.indicators = StoreIndicators(state.settings)
        state.isCaughtUp = false
      }
      state.indicators.apply(&batch, at: now)
      if state.isCaughtUp {
        for row in batch.evidence {
          if let time = row.time { state.status.commitToVisible.add(max(0, now.since(time))) }
        }
      }
      state.status.info = pass.info
      state.status.sizeBytes = pass.sizeBytes
      state.status.gaps = pass.gaps
      state.status.tailID = pass.tailID ?? 0
      Self.note(pass.tailID, &state)
      state.status.backlog = pass.backlog
      if pass.reachedEnd { Self.reachEnd(&state, now: now) }
      return Self.succeed(&state)
    }
  }

  /// Records a check that found nothing new since the store was last read to its end.
  package func confirmEnd(now: UnixTime) {
    state.withLock { Self.reachEnd(&$0, now: now) }
  }

  /// Records a failed read. The evidence read so far is still served.
  package func fail(_ kind: StoreReadError.Kind, at instant: ContinuousClock.Instant) -> Transition
  {
    state.withLock { state in
      state.version += 1
      state.status.readErrors[kind, default: 0] += 1
      let isNew = state.status.failure != kind
      state.status.failure = kind
      state.isSettled = true
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

  /// Applies other settings in place.
  ///
  /// - Returns: `false`, without any change, if the rows have to be counted again.
  package func adopt(_ settings: StoreIndicators.Settings) -> Bool {
    state.withLock { state in
      guard state.indicators.adopt(settings) else { return false }
      state.version += 1
      state.settings = settings
      return true
    }
  }

  /// Forgets all evidence, so that the rows are counted again.
  package func recount(_ settings: StoreIndicators.Settings) {
    state.withLock { state in
      state.version += 1
      state.settings = settings
      state.indicators = StoreIndicators(settings)
      state.isCaughtUp = false
    }
  }

  /// A number that changes whenever a snapshot changes for another reason than the passing of time.
  package var version: UInt64 { state.withLock { $0.version } }

  /// The highest id ever read; `nil` before the first row.
  package var greatestID: Int64? { state.withLock { $0.greatestID } }

  /// Takes over the highest id that was read before a restart.
  package func note(greatestID: Int64?) {
    state.withLock { Self.note(greatestID, &$0) }
  }

  private static func note(_ id: Int64?, _ state: inout State) {
    guard let id else { return }
    state.greatestID = max(state.greatestID ?? id, id)
  }

  /// Whether the latest read worked, or the store has been locked only for a moment.
  var isUp: Bool { state.withLock { $0.status.isUp } }

  /// Whether all rows have been read since the start or the last reset.
  package var isCaughtUp: Bool { state.withLock { $0.isCaughtUp } }

  /// The last id that was read, and the number of resets; `nil` until the store has been read to
  /// its end.
  package var endOfRead: (tailID: Int64, resets: Int)? {
    state.withLock { state in
      guard state.isCaughtUp else { return nil }
      return (state.status.tailID, state.status.resets.values.reduce(0, +))
    }
  }

  /// The indicators of the rows read so far.
  package var indicators: StoreIndicators { state.withLock { $0.indicators } }

  /// Resumes from the indicators of a checkpoint. They are served once the other rows are read,
  /// because counters below those served last would look like a reset.
  package func resume(_ indicators: StoreIndicators) {
    state.withLock { state in
      state.version += 1
      state.indicators = indicators
    }
  }

  /// Whether the store was read to its end once, or cannot be read.
  package var isSettled: Bool { state.withLock { $0.isSettled } }

  package func snapshot(at now: UnixTime) -> StoreSnapshot {
    state.withLock { state in
      StoreSnapshot(
        name: name, path: path, objectives: state.settings.objectives, status: state.status,
        evidence: state.isCaughtUp ? state.indicators.snapshot(at: now) : nil)
    }
  }

  /// The served snapshot, and a copy of the indicators behind it. The lock is held only for the
  /// copy.
  package func detailedSnapshot(at now: UnixTime) -> DetailedSnapshot {
    var (snapshot, indicators) = state.withLock { state in
      (
        StoreSnapshot(
          name: name, path: path, objectives: state.settings.objectives, status: state.status,
          evidence: nil), state.isCaughtUp ? state.indicators : nil
      )
    }
    snapshot.evidence = indicators?.snapshot(at: now)
    return DetailedSnapshot(store: snapshot, indicators: indicators)
  }

  private static func reachEnd(_ state: inout State, now: UnixTime) {
    state.isCaughtUp = true
    state.isSettled = true
    state.status.lastRead = now
    state.status.backlog = 0
  }

  private static func succeed(_ state: inout State) -> Transition {
    let wasDown = state.status.failure != nil && !state.status.isUp
    state.status.failure = nil
    state.lockedSince = nil
    state.status.isUp = true
    return wasDown ? .wentUp : .none
  }
}
