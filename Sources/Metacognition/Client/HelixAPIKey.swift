/// The API key of the Helix QSR service.
///
/// No description, mirror, dump, log or error shows the key. It leaves this type only in the
/// `Authorization` header of a request.
public struct HelixAPIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  let secret: String

  /// Creates a key from the text that the service gave you.
  ///
  /// - Throws: ``HelixQSRError/invalidKey(problem:)`` if a header cannot contain the text, for
  ///   example because it ends with a line break. The error does not show the text.
  public init(_ key: String) throws(HelixQSRError) {
    guard !key.isEmpty else { throw .invalidKey(problem: "it is empty") }
    if let byte = key.utf8.first(where: { !(0x21...0x7E).contains($0) }) {
      let isBreak = byte == 0x0A || byte == 0x0D
      throw .invalidKey(
        problem: isBreak
          ? "it contains a line break" : "it contains a space or another character no key has")
    }
    secret = key
  }

  /// Hides the key.
  public var description: String { "HelixAPIKey(hidden)" }
  /// Hides the key.
  public var debugDescription: String { description }
  /// Has no children.
  public var customMirror: Mirror { Mirror(self, children: [:]) }

  /// Replaces the key, plain or in Base64, in text from the service. An endpoint that echoes
  /// requests sends the key back.
  func redacting(_ text: String) -> String {
    guard text.utf8.count >= secret.utf8.count else { return text }
    return forms.reduce(text) { $0.replacing($1, with: "[hidden]") }
  }

  /// The key, and its Base64 with and without the scheme.
  private var forms: [String] {
    [secret] + [secret, "Bearer " + secret].map { Base64.text(of: Array($0.utf8)) }
  }
}

/// Encodes Base64 to search for it. Source: RFC 4648, section 4.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The encoding without its last characters, which depend on the text that follows. So the
  /// encoding of a longer text contains it, too.
  static func text(of bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = 0
      for index in 0..<3 {
        let byte = index < group.count ? group[start + index] : 0
        bits = bits << 8 | Int(byte)
      }
      for index in 0..<(group.count == 3 ? 4 : group.count) {
        text.append(alphabet[bits >> (18 - 6 * index) & 63])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
