import Synchronization

/// Tells listeners that a store has new rows, or was replaced.
package final class StoreNews: Sendable {
  private struct State {
    var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
    var next: UInt64 = 0
  }

  private let state = Mutex(State())

  /// - Parameter wake: the continuation of a stream that keeps one element.
  /// - Returns: the argument for ``remove(_:)``.
  package func add(_ wake: AsyncStream<Void>.Continuation) -> UInt64 {
    state.withLock { state in
      state.next += 1
      state.listeners[state.next] = wake
      return state.next
    }
  }

  package func remove(_ listener: UInt64) {
    state.withLock { _ = $0.listeners.removeValue(forKey: listener) }
  }

  func announce() {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
  }
}
