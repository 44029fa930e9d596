import Glibc
import NIOCore

/// What clients may take of the server.
struct ServerLimits: Hashable, Sendable {
  /// Connections held at once, over all addresses.
  var connections = 512
  /// From the start of a connection to the end of its first request's head.
  var head: TimeAmount = .seconds(10)
  /// From a request to the moment when the kernel has taken the last byte of its answer: longer
  /// than any scrape may last, shorter than a client that does not read would like.
  var answer: TimeAmount = .seconds(30)
  /// Between two requests: no shorter than the usual intervals of scrapes.
  var idle: TimeAmount = .seconds(300)
  /// From the last answer to the close, so that a client still sending reads it before a reset.
  var linger: TimeAmount = .seconds(2)
  /// Bytes of a request's line and header fields.
  var headBytes = 80 * 1024
  /// Bytes of a body that is let pass unread; no endpoint takes one.
  var bodyBytes = 64 * 1024
  /// Requests that one connection may have waiting for their answers.
  var pipelined = 32

  /// The limits above, with no more connections than half of the descriptors that the process may
  /// open: the other half is for stores, state and the event loops.
  static func standard() -> ServerLimits {
    var limits = ServerLimits()
    var descriptors = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors) == 0 {
      limits.connections = Int(min(rlim_t(limits.connections), max(descriptors.rlim_cur / 2, 1)))
    }
    return limits
  }
}
