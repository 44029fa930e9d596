/// Escapes characters that could end a line or its quotes, or change how a terminal or a page shows
/// the rest.
package enum TextEscape: Sendable {
  /// `\u00ad`, and a surrogate pair above U+FFFF: RFC 8259, section 7.
  case json
  /// `\u{ad}`.
  case braces

  /// Whether a character is invisible: a control, a direction or a line end.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    default: false
    }
  }

  /// Escapes `text` for quotes on one line.
  package func escape(_ text: String) -> String {
    text.unicodeScalars.map(escape).joined()
  }

  private func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: Self.isHidden(scalar) ? number(of: scalar) : String(scalar)
    }
  }

  /// The number of a character in this notation.
  package func number(of scalar: Unicode.Scalar) -> String {
    switch self {
    case .braces: "\\u{\(String(scalar.value, radix: 16))}"
    case .json:
      scalar.utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }
}
