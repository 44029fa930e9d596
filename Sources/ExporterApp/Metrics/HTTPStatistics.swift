import Following
import Synchronization

/// The number of requests answered, by handler and status, and how long answers took.
///
/// A handler is a route's pattern or `other`, so a raw path never becomes a label value.
final class HTTPStatistics: Sendable {
  private struct Handler {
    var counts: [Int: Int]
    var durations = DurationHistogram(upperBounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5])
  }

  /// The handler of requests that match no route.
  static let otherHandler = "other"

  private let handlers = Mutex([otherHandler: Handler(counts: [404: 0])])

  /// Creates the series of `handlers`, so that a first request makes no new series.
  func serve(_ handlers: [String]) {
    self.handlers.withLock { known in
      for handler in handlers where known[handler] == nil {
        known[handler] = Handler(counts: [200: 0])
      }
    }
  }

  func count(handler: String, code: Int, seconds: Double) {
    handlers.withLock { handlers in
      handlers[handler, default: Handler(counts: [:])].counts[code, default: 0] += 1
      handlers[handler, default: Handler(counts: [:])].durations.add(seconds)
    }
  }

  /// The number of requests for other handlers than `handler`.
  func requests(besides handler: String) -> Int {
    handlers.withLock { handlers in
      handlers.reduce(0) { sum, known in
        known.key == handler ? sum : sum + known.value.counts.values.reduce(0, +)
      }
    }
  }

  func snapshot() -> HTTPSnapshot {
    let handlers = handlers.withLock { $0 }
    return HTTPSnapshot(
      handlers: handlers.sorted { $0.key < $1.key }.map { name, handler in
        HTTPSnapshot.Handler(
          name: name,
          requests: handler.counts.sorted { $0.key < $1.key }.map { code, count in
            HTTPSnapshot.Answers(code: String(code), count: count)
          }, durations: handler.durations)
      })
  }
}

/// The requests answered up to one moment, in order of handler and code.
struct HTTPSnapshot: Hashable, Sendable {
  struct Answers: Hashable, Sendable {
    var code: String
    var count: Int
  }

  struct Handler: Hashable, Sendable {
    var name: String
    var requests: [Answers]
    var durations: DurationHistogram
  }

  var handlers: [Handler]
}
