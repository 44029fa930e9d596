import NIOCore

/// The limits on what clients may use of the server.
struct ServerLimits: Hashable, Sendable {
  /// Connections held at once, over all addresses.
  var connections = 512
  /// From the start of a connection to the end of its first request's head.
  var head: TimeAmount = .seconds(10)
  /// From a request until the kernel has taken the last byte of its answer. Longer than scrapes
  /// last by default, short enough to end clients that do not read.
  var answer: TimeAmount = .seconds(30)
  /// Between two requests. Longer than the usual intervals of scrapes.
  var idle: TimeAmount = .seconds(300)
  /// From the last answer to the close, so that a client still sending reads it before a reset.
  var linger: TimeAmount = .seconds(2)
  /// For the answers that are due when the server stops, which it does within five seconds.
  var drainTimeout: TimeAmount = .seconds(4)
  /// Bytes of a request's line and header fields.
  var headBytes = 80 * 1024
  /// Bytes of a body that is accepted and dropped, because no endpoint takes it.
  var bodyBytes = 64 * 1024
  /// Requests that one connection may have waiting for their answers.
  var pipelined = 32

  /// The limits above, with no more connections than the last quarter of the descriptors has room
  /// for, but for a few: no store is opened into that quarter. Where accept(2) finds no descriptor,
  /// the server accepts nothing for a second, and no connection makes room for another.
  ///
  /// - Parameters:
  ///   - descriptors: how many the process may open; `nil` if that is not known.
  ///   - servers: how many servers accept connections, each up to ``accepted``.
  static func standard(descriptors: Int?, servers: Int) -> ServerLimits {
    var limits = ServerLimits()
    if let descriptors {
      let accepted = (descriptors / 4 - 4) / max(servers, 1)
      limits.connections = max(min(limits.connections, accepted * 4 / 5), 4 / max(servers, 1), 1)
    }
    return limits
  }

  /// How many connections a server may have open at any moment: those held, those refused, and
  /// those closed but not gone yet. It accepts no more until some are gone.
  var accepted: Int { connections + connections / 4 }
}
