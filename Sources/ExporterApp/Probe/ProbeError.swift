import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// What went wrong with one request of the probe, in the words of the operating system.
struct ProbeError {
  let error: any Error

  /// Whether there was no connection at all.
  var isConnection: Bool { error is NIOConnectionError }

  var reason: String {
    switch error {
    case let error as NIOConnectionError: Self.reason(error)
    case let error as IOError: Self.reason(error)
    case ChannelError.connectTimeout: "no answer within 2 seconds"
    case ChannelError.eof: "the connection was closed without an answer"
    case is NIOSSLError, is BoringSSLError: "TLS failed: \(error)"
    default: "\(error)"
    }
  }

  private static func reason(_ error: NIOConnectionError) -> String {
    guard let failure = error.connectionErrors.last?.error else { return "the name is not known" }
    return ProbeError(error: failure).reason
  }

  /// As `strerror` has it, to go on after a colon.
  private static func reason(_ error: IOError) -> String {
    let text = String(cString: strerror(error.errnoCode))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
