/// Where a server listens: `host:port`, `:port` for all interfaces, `[::1]:port`.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  package let host: String
  package let port: Int

  /// The loopback interface: evidence is not for everybody, so other interfaces must be chosen.
  package static let standard = ListenAddress(host: "127.0.0.1", port: 10077)

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// - Returns: `nil` unless `text` is one of the forms above with a port of 0 to 65535.
  package init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let portText = text[text.index(after: colon)...]
    guard !portText.isEmpty, portText.utf8.allSatisfy({ (48...57).contains($0) }),
      let port = UInt16(portText)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      guard host.contains(":") else { return nil }
    } else if host.contains(":") || host.contains("[") || host.contains("]") {
      return nil
    }
    self.init(host: host.isEmpty ? "0.0.0.0" : host, port: Int(port))
  }

  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
