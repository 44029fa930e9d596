import ReflexiveCore
import Synchronization

/// Counts the bytes that were received and are not written yet.
final class ReceiverQueue: Sendable {
  private struct State {
    var total = 0
    /// The bytes by the name of the store.
    var stores: [LabelValue: Int] = [:]
    /// The recent rate of finished bytes per second.
    var rate: Double?
  }

  private let state = Mutex(State())

  /// Holds the place of one push in the queue.
  final class Place: Sendable {
    private let queue: ReceiverQueue
    private let store: LabelValue
    private let bytes = Mutex(0)

    fileprivate init(_ queue: ReceiverQueue, _ store: LabelValue) {
      self.queue = queue
      self.store = store
    }

    deinit { queue.add(-bytes.withLock { $0 }, store, limit: .max) }

    /// - Returns: whether there is room for `count` more bytes.
    func grow(by count: Int, limit: Int) -> Bool {
      guard queue.add(count, store, limit: limit) else { return false }
      bytes.withLock { $0 += count }
      return true
    }
  }

  func place(for store: String) -> Place { Place(self, LabelValue(store)) }

  func bytes(of store: String) -> Int { state.withLock { $0.stores[LabelValue(store)] ?? 0 } }

  @discardableResult
  private func add(_ count: Int, _ store: LabelValue, limit: Int) -> Bool {
    state.withLock { state in
      guard count <= limit - state.total else { return false }
      state.total += count
      state.stores[store, default: 0] += count
      return true
    }
  }

  /// Records how long it took to finish this many bytes.
  func note(bytes: Int, took seconds: Double) {
    guard bytes > 0, seconds > 0 else { return }
    let rate = Double(bytes) / seconds
    state.withLock { state in state.rate = state.rate.map { $0 * 0.75 + rate * 0.25 } ?? rate }
  }

  /// The seconds, from 1 to 60, after which all waiting bytes are likely to be written.
  var drainSeconds: Int {
    state.withLock { state in
      guard let rate = state.rate, rate > 0 else { return 1 }
      return Int(min(max((Double(state.total) / rate).rounded(.up), 1), 60))
    }
  }
}
