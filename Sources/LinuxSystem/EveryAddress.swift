import Glibc

/// How to open a socket that listens on every address of this machine.
package enum EveryAddress: Hashable, Sendable {
  /// One IPv6 socket takes IPv4 as well (ipv6(7), `IPV6_V6ONLY` is 0).
  case oneSocket
  /// One socket for each family.
  case twoSockets
  /// This machine has no IPv6.
  case ipv4Only

  /// The way that the kernel asks for now.
  package static var current: EveryAddress {
    let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return .ipv4Only }
    defer { close(descriptor) }
    var isIPv6Only: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let code = getsockopt(
      descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &isIPv6Only, &length)
    return code == 0 && isIPv6Only == 0 ? .oneSocket : .twoSockets
  }
}
