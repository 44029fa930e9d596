import Following
import Logging
import NIOCore
import Synchronization

/// The connections of all servers, under one limit.
final class ConnectionTable: Sendable {
  private struct State {
    var queue: ConnectionQueue<ObjectIdentifier>
    var channels: [ObjectIdentifier: any Channel] = [:]
    var pressure = ConnectionPressure()
  }

  let limits: ServerLimits
  /// Whether the body of a request is handed on, by its method and path.
  let takesBody: @Sendable (_ method: String, _ path: String) -> Bool
  private let state: Mutex<State>
  private let time: TimeSource
  private let logger: Logger

  init(
    limits: ServerLimits, time: TimeSource, logger: Logger,
    takesBody: @escaping @Sendable (_ method: String, _ path: String) -> Bool = { _, _ in false }
  ) {
    self.limits = limits
    self.takesBody = takesBody
    self.time = time
    self.logger = logger
    state = Mutex(State(queue: ConnectionQueue(limit: limits.connections)))
  }

  var count: Int { state.withLock { $0.queue.count } }

  /// Admits a connection until it closes, and closes the one that has to make room for it.
  func admit(_ channel: any Channel) -> ConnectionQueue<ObjectIdentifier>.Admission {
    let id = ObjectIdentifier(channel)
    let now = time.monotonic()
    let (admission, closing, report) = state.withLock { state in
      let admission = state.queue.admit(id)
      state.channels[id] = channel
      switch admission {
      case .admitted(closing: .none):
        return (admission, (any Channel)?.none, nil as ConnectionPressure.Report?)
      case .admitted(closing: .some(let oldest)):
        return (admission, state.channels[oldest], state.pressure.note(closed: 1, at: now))
      case .refused, .dropped:
        return (admission, nil, state.pressure.note(refused: 1, at: now))
      }
    }
    closing?.close(promise: nil)
    channel.closeFuture.whenComplete { [self] _ in remove(id) }
    if let report { warn(report) }
    return admission
  }

  func beginAnswering(_ channel: any Channel) {
    state.withLock { $0.queue.beginAnswering(ObjectIdentifier(channel)) }
  }

  func beginWaiting(_ channel: any Channel) {
    state.withLock { $0.queue.beginWaiting(ObjectIdentifier(channel)) }
  }

  private func remove(_ id: ObjectIdentifier) {
    state.withLock { state in
      state.queue.remove(id)
      state.channels[id] = nil
    }
  }

  private func warn(_ report: ConnectionPressure.Report) {
    logger.warning(
      "too many connections; closing those that have waited longest",
      metadata: [
        "limit": .stringConvertible(limits.connections),
        "closed": .stringConvertible(report.closed),
        "refused": .stringConvertible(report.refused),
      ])
  }
}
