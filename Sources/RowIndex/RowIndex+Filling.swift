package import LinuxSystem
package import ReflexiveCore
import Synchronization

/// Filling an index anew from rows that the tail has read already.
extension RowIndex {
  /// How far the index is to be filled.
  package struct Filling: Hashable, Sendable {
    /// The last id that the tail has read.
    package var tailID: Int64
    let era: UInt64
  }

  /// It lacks rows that the tail has read.
  package var isIncomplete: Bool { state.withLock { $0.condition == .incomplete } }

  /// Why its file could not be written, if it could not.
  package var failure: SystemFailure? {
    state.withLock { $0.condition == .failed ? $0.failure : nil }
  }

  /// Has an index whose file could not be written filled anew.
  package func retryAfterFailure() {
    state.withLock { state in
      guard state.condition == .failed else { return }
      state.file = nil
      state.reset(to: .incomplete)
    }
  }

  /// - Returns: how far it is to be filled, `nil` where nothing is missing; and the lowest id that it
  ///   may lack.
  package func resumeFilling() -> (filling: Filling?, start: Int64) {
    state.withLock { state in
      guard state.condition == .incomplete else { return (nil, .min) }
      guard let tailID = state.tailID else {
        state.condition = .live
        return (nil, .min)
      }
      if !state.isFilling { state.reset(to: .incomplete) }
      state.isFilling = true
      return (Filling(tailID: tailID, era: state.era), state.lastID.map { $0 + 1 } ?? .min)
    }
  }

  /// Appends rows up to the tail.
  ///
  /// - Returns: false if the tail began anew meanwhile.
  package func fill(_ filling: Filling, _ rows: [Evidence], bytes: [UInt8]) -> Bool {
    state.withLock { state in
      guard state.condition == .incomplete, state.era == filling.era else {
        return false
      }
      append(rows, bytes: bytes, to: &state)
      return state.condition == .incomplete
    }
  }

  /// Lets the tail go on, if it has read no more rows since.
  ///
  /// - Returns: how far the index is to be filled now; `nil` where nothing is missing.
  package func finish(_ filling: Filling) -> Filling? {
    state.withLock { state in
      guard state.condition == .incomplete, state.era == filling.era else {
        return nil
      }
      guard let tailID = state.tailID, tailID > filling.tailID else {
        state.condition = .live
        return nil
      }
      return Filling(tailID: tailID, era: filling.era)
    }
  }
}
