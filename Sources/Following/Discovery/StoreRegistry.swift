package import ConfigurationFiles
package import ReflexiveCore
import Synchronization

/// The stores that are followed now, in order of name.
package final class StoreRegistry: Sendable {
  private struct State {
    var stores: [FollowedStore] = []
    var wasReady = false
    var discovery: [DiscoveryCount] = []
    /// How often the stores or the discovery were replaced.
    var replacements: UInt64 = 0
  }

  private let state = Mutex(State())

  package init() {}

  package var stores: [FollowedStore] { state.withLock { $0.stores } }

  /// The result of the discovery for each path and glob of the configuration.
  package var discovery: [DiscoveryCount] { state.withLock { $0.discovery } }

  /// - Returns: whether the stores have changed.
  @discardableResult
  package func replace(with stores: [FollowedStore], discovery: [DiscoveryCount]) -> Bool {
    let sorted = stores.sorted { LabelValue($0.name) < LabelValue($1.name) }
    return state.withLock { state in
      if state.discovery != discovery {
        state.discovery = discovery
        state.replacements += 1
      }
      guard !state.stores.elementsEqual(sorted, by: ===) else { return false }
      state.stores = sorted
      state.replacements += 1
      return true
    }
  }

  /// Whether every store that can be read has been read to its end. Once true, it stays true: a
  /// store that is read again or joins later must not take the others out of service.
  package var isReady: Bool {
    state.withLock { state in
      if !state.wasReady { state.wasReady = state.stores.allSatisfy(\.state.isSettled) }
      return state.wasReady
    }
  }

  /// A number that changes whenever a snapshot changes for another reason than the passing of time.
  package var version: UInt64 {
    let (stores, replacements) = state.withLock { ($0.stores, $0.replacements) }
    return stores.reduce(replacements << 40) { $0 &+ $1.state.version }
  }

  package func snapshots(at now: UnixTime) -> [StoreSnapshot] {
    stores.map { $0.state.snapshot(at: now) }
  }
}
