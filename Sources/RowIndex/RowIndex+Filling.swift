package import LinuxSystem
package import ReflexiveCore
import Synchronization

/// Refills an index from rows that the tail has already read.
extension RowIndex {
  /// How far to fill the index.
  package struct Filling: Hashable, Sendable {
    /// The last id that the tail has read.
    package var tailID: Int64
    let era: UInt64
  }

  /// Whether the index lacks rows that the tail has read.
  package var isIncomplete: Bool { state.withLock { $0.condition == .incomplete } }

  /// The reason why the file could not be written; `nil` if it could.
  package var failure: SystemFailure? {
    state.withLock { $0.condition == .failed ? $0.failure : nil }
  }

  /// Starts to refill an index whose file could not be written.
  package func retryAfterFailure() {
    state.withLock { state in
      guard state.condition == .failed else { return }
      state.file = nil
      state.reset(to: .incomplete)
    }
  }

  /// - Returns: how far to fill the index, `nil` if nothing is missing; and the lowest id that may
  ///   be missing.
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
  /// - Returns: `false` if the tail has started over in the meantime.
  package func fill(_ filling: Filling, _ rows: [Evidence], bytes: [UInt8]) -> Bool {
    state.withLock { state in
      guard state.condition == .incomplete, state.era == filling.era else {
        return false
      }
      append(rows, bytes: bytes, to: &state)
      return state.condition == .incomplete
    }
  }

  /// Hands the index back to the tail, unless the tail has read more rows in the meantime.
  ///
  /// - Returns: how far to fill the index now; `nil` if nothing is missing.
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
