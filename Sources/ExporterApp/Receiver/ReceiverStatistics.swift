import ConfigurationFiles
import ReflexiveCore
import Synchronization

/// The rows and payloads that the receiver has accepted and refused since the start.
final class ReceiverStatistics: Sendable {
  struct Store: Hashable, Sendable {
    var rows: [PushProtocol: Int] = [:]
    var rejected: [PushProtocol: [PushReason: Int]] = [:]
    /// The time of the latest accepted push.
    var lastSuccess: UnixTime?
  }

  /// The stores by name.
  private let stores = Mutex<[LabelValue: Store]>([:])

  func count(
    _ name: String, _ kind: PushProtocol, rows: Int = 0, rejected: [PushReason: Int] = [:],
    acceptedAt time: UnixTime? = nil
  ) {
    stores.withLock { stores in
      var store = stores[LabelValue(name)] ?? Store()
      store.rows[kind, default: 0] += rows
      for (reason, count) in rejected {
        store.rejected[kind, default: [:]][reason, default: 0] += count
      }
      store.lastSuccess = time ?? store.lastSuccess
      stores[LabelValue(name)] = store
    }
  }

  func store(_ name: String) -> Store { stores.withLock { $0[LabelValue(name)] ?? Store() } }
}
