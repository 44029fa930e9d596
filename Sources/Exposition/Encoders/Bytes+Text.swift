/// The characters that get a backslash before them. A line feed is always written as `\n`.
///
/// Source: text format 0.0.4, "Comments, help text, and type information"; OpenMetrics 1.0 ABNF,
/// `escaped-string`.
enum Escaping {
  /// Only the backslash itself: help in the text format.
  case backslash
  /// The backslash and the quote: label values, and help in OpenMetrics.
  case backslashAndQuote
}

extension [UInt8] {
  mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(contentsOf: $0) }
  }

  /// Appends `text` byte by byte, so that characters which combine with a quote, a backslash or a
  /// line feed cannot hide it.
  mutating func append(_ text: String, escaping: Escaping) {
    var text = text
    text.withUTF8 { append($0, escaping: escaping) }
  }

  private mutating func append(_ text: UnsafeBufferPointer<UInt8>, escaping: Escaping) {
    var copied = 0
    for (index, byte) in text.enumerated() {
      let escaped: UInt8
      switch byte {
      case UInt8(ascii: "\\"): escaped = byte
      case UInt8(ascii: "\n"): escaped = UInt8(ascii: "n")
      case UInt8(ascii: "\"") where escaping == .backslashAndQuote: escaped = byte
      default: continue
      }
      append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
      append(UInt8(ascii: "\\"))
      append(escaped)
      copied = index + 1
    }
    append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
  }
}
