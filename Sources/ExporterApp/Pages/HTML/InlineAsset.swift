/// A style sheet or a script of the exporter's own, with the hash that the policy of a page names.
///
/// It stands in the page: a page is one request, and a browser runs nothing but these bytes.
struct InlineAsset: Sendable {
  let text: String
  /// The source expression of the Content-Security-Policy, `'sha256-…'`.
  let source: String

  /// - Parameter text: a constant of the program, which ends no element.
  init(_ text: StaticString) {
    self.text = "\(text)"
    source = "'sha256-\(Base64.encode(SHA256.hash(Array(self.text.utf8))))'"
  }
}

/// Base64 (RFC 4648, section 4).
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for digit in 0..<4 {
        text.append(
          digit <= group.count ? alphabet[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
