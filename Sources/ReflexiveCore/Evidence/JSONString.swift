/// Unescapes strings of a payload that is known to be valid JSON.
package enum JSONString {
  /// U+FFFD in UTF-8. It replaces half of a surrogate pair, which UTF-8 cannot encode.
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// Appends the unescaped text and stops once that is longer than `limit` bytes.
  package static func unescape(_ escaped: Span<UInt8>, upTo limit: Int, into text: inout [UInt8]) {
    let limit = limit == .max ? limit : text.count + limit
    var index = 0
    while index < escaped.count, text.count <= limit {
      if escaped[index] != ASCII.backslash {
        text.append(escaped[index])
        index += 1
      } else if let unit = utf16Unit(escaped, at: index) {
        index += 6
        if let low = lowHalf(escaped, at: index, of: unit) {
          index += 6
          let scalar = 0x1_0000 + (UInt32(unit & 0x3FF) << 10) + UInt32(low & 0x3FF)
          append(scalar, to: &text)
        } else {
          append(UInt32(unit), to: &text)
        }
      } else {
        text.append(shortEscape(escaped, at: index))
        index += 2
      }
    }
  }

  /// The UTF-16 code unit of the escape `\uXXXX` at `index`; `nil` if there is none.
  private static func utf16Unit(_ escaped: Span<UInt8>, at index: Int) -> UInt16? {
    guard index + 6 <= escaped.count, escaped[index] == ASCII.backslash,
      escaped[index + 1] == ASCII.lowerU
    else { return nil }
    var unit: UInt16 = 0
    for offset in 2..<6 {
      guard let digit = ASCII.hexValue(escaped[index + offset]) else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// The second half of the surrogate pair that `high` begins; `nil` if it is not at `index`.
  private static func lowHalf(_ escaped: Span<UInt8>, at index: Int, of high: UInt16) -> UInt16? {
    guard 0xD800...0xDBFF ~= high, let low = utf16Unit(escaped, at: index), 0xDC00...0xDFFF ~= low
    else { return nil }
    return low
  }

  private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
    guard let scalar = Unicode.Scalar(scalar) else {
      text += replacement
      return
    }
    text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
  }

  private static func shortEscape(_ escaped: Span<UInt8>, at index: Int) -> UInt8 {
    guard index + 1 < escaped.count else { return ASCII.backslash }
    return switch escaped[index + 1] {
    case ASCII.lowerB: 0x08
    case ASCII.lowerF: 0x0C
    case ASCII.lowerN: ASCII.lineFeed
    case ASCII.lowerR: ASCII.carriageReturn
    case ASCII.lowerT: ASCII.tab
    case let same: same
    }
  }
}
