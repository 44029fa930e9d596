import FoundationEssentials

/// A name and a password as a client sends them (RFC 7617).
struct BasicCredentials: Sendable {
  let user: [UInt8]
  let password: [UInt8]

  /// - Parameter authorization: the value of the header.
  /// - Returns: `nil` if the scheme is not `Basic`, or the value is not well-formed.
  init?(authorization: String) {
    let scheme = "basic ".utf8
    let value = authorization.utf8
    guard value.prefix(scheme.count).map(Self.lowercased).elementsEqual(scheme),
      let decoded = Data(base64Encoded: Data(value.dropFirst(scheme.count))),
      let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    user = Array(decoded[..<colon])
    password = Array(decoded[decoded.index(after: colon)...])
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
