import NIOCore

/// The limits on the use of the server by clients.
struct ServerLimits: Hashable, Sendable {
  /// The most connections held at once, over all addresses.
  var connections = 512
  /// The time from the start of a connection to the end of its first request's head.
  var head: TimeAmount = .seconds(10)
  /// The time from a request until the kernel has taken the last byte of its answer. It is longer
  /// than scrapes last by default, and short enough to end clients that do not read.
  var answer: TimeAmount = .seconds(30)
  /// The time between two requests. It is longer than the usual intervals of scrapes.
  var idle: TimeAmount = .seconds(300)
  /// The time from the last answer to the close, so that a client still sending reads it before a
  /// reset.
  var linger: TimeAmount = .seconds(2)
  /// The time for due answers when the server stops, which it does within five seconds.
  var drainTimeout: TimeAmount = .seconds(4)
  /// The most bytes of a request's line and header fields.
  var headBytes = 80 * 1024
  /// The most bytes of a body that is accepted and dropped, because no endpoint takes it.
  var bodyBytes = 64 * 1024
  /// The most requests of one connection that may wait for their answers.
  var pipelined = 32

  /// The limits above, with only as many connections as fit into the last quarter of the
  /// descriptors, less a few. No store is opened into that quarter. If accept(2) finds no
  /// descriptor, the server accepts nothing for a second, and no connection makes room for another.
  ///
  /// - Parameters:
  ///   - descriptors: the number that the process may open; `nil` if it is unknown.
  ///   - servers: the number of servers that accept connections, each up to ``accepted``.
  static func standard(descriptors: Int?, servers: Int) -> ServerLimits {
    var limits = ServerLimits()
    if let descriptors {
      let accepted = (descriptors / 4 - 4) / max(servers, 1)
      limits.connections = max(min(limits.connections, accepted * 4 / 5), 4 / max(servers, 1), 1)
    }
    return limits
  }

  /// The most connections that a server may have open at any moment: those held, those refused, and
  /// those closed but not gone yet. It accepts no more until some are gone.
  var accepted: Int { connections + connections / 4 }
}
