import Glibc
import LinuxSystem

/// The address at which a server listens: `host:port`, `[IPv6]:port`, or `:port` for every address.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// Empty for every address of both families.
  package let host: String
  package let port: Int

  /// The default, on the loopback interface: evidence is not for everybody, so others must be
  /// chosen.
  package static let standard = ListenAddress(loopbackPort: 10077)

  package static let expectation =
    "host:port, [IPv6]:port, or :port for every address, with a port from 0 to 65535"

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// An address to connect to.
  init(asking host: String, port: Int) { self.init(host: host, port: port) }

  init(loopbackPort port: Int) { self.init(host: "127.0.0.1", port: port) }

  /// - Returns: `nil` unless `text` is one of the forms above.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let port = bytes[(colon + 1)...]
    guard !port.isEmpty, port.allSatisfy(Self.isDigit),
      let number = UInt16(String(decoding: port, as: UTF8.self))
    else { return nil }
    var host = bytes[..<colon]
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
      host = host.dropFirst().dropLast()
      guard Self.isIPv6(host) else { return nil }
    } else {
      guard host.isEmpty || Self.isIPv4(host) || Self.isName(host) else { return nil }
    }
    self.init(host: String(decoding: host, as: UTF8.self), port: Int(number))
  }

  /// The hosts of the sockets to open.
  func hosts(of everyAddress: EveryAddress) -> [String] {
    guard host.isEmpty else { return [host] }
    return switch everyAddress {
    case .oneSocket: ["::"]
    case .twoSockets: ["::", "0.0.0.0"]
    case .ipv4Only: ["0.0.0.0"]
    }
  }

  package var description: String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

extension ListenAddress {
  /// Four numbers. Shorter forms such as `127.1` are more often a slip than meant.
  private static func isIPv4(_ host: ArraySlice<UInt8>) -> Bool {
    isAddress(host, of: AF_INET)
  }

  /// An address that may have a zone: `fe80::1%eth0`.
  private static func isIPv6(_ host: ArraySlice<UInt8>) -> Bool {
    let parts = host.split(
      separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let text = parts.first, parts.count == 1 || parts[1].allSatisfy(isNameByte),
      parts.last?.isEmpty == false, !text.contains(0)
    else { return false }
    return isAddress(text, of: AF_INET6)
  }

  private static func isAddress(_ text: ArraySlice<UInt8>, of family: Int32) -> Bool {
    // 16 bytes hold an address of either family.
    var address = [UInt8](repeating: 0, count: 16)
    return inet_pton(family, String(decoding: text, as: UTF8.self), &address) == 1
  }

  /// A name by RFC 1123, section 2.1, which may have `_`, as some do. A last part of digits only is
  /// a slip in an address.
  private static func isName(_ host: ArraySlice<UInt8>) -> Bool {
    let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let last = parts.last, host.count <= 253 else { return false }
    return !last.allSatisfy(isDigit)
      && parts.allSatisfy { part in
        (1...63).contains(part.count) && part.allSatisfy(isNameByte)
          && part.first != UInt8(ascii: "-") && part.last != UInt8(ascii: "-")
      }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || "-._".utf8.contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
