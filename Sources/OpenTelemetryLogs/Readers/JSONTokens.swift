import ReflexiveCore

/// Reads the tokens of a JSON text (RFC 8259), one after the other.
struct JSONTokens {
  enum Token: Hashable {
    case openObject, closeObject, openArray, closeArray, comma, colon
    /// The range between the quotes, and whether it has an escape.
    case string(Range<Int>, isEscaped: Bool)
    case number(Range<Int>)
    case bool(Bool)
    case null
    case end
  }

  let bytes: [UInt8]
  private var next = 0

  /// - Parameter bytes: UTF-8.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  static let broken = LogsError("this is not one JSON value")

  mutating func token() throws(LogsError) -> Token {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      next += 1
    }
    guard let byte = current else { return .end }
    switch byte {
    case UInt8(ascii: "{"): return single(.openObject)
    case UInt8(ascii: "}"): return single(.closeObject)
    case UInt8(ascii: "["): return single(.openArray)
    case UInt8(ascii: "]"): return single(.closeArray)
    case UInt8(ascii: ","): return single(.comma)
    case UInt8(ascii: ":"): return single(.colon)
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  /// Returns the text of a string token.
  func text(_ range: Range<Int>, isEscaped: Bool) -> String {
    guard isEscaped else { return String(decoding: bytes[range], as: UTF8.self) }
    var text: [UInt8] = []
    JSONString.unescape(bytes.span.extracting(range), upTo: .max, into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private var current: UInt8? { next < bytes.count ? bytes[next] : nil }

  private mutating func single(_ token: Token) -> Token {
    next += 1
    return token
  }

  private mutating func word(_ word: String, _ token: Token) throws(LogsError) -> Token {
    guard bytes[next...].starts(with: word.utf8) else { throw Self.broken }
    next += word.utf8.count
    return token
  }

  private mutating func string() throws(LogsError) -> Token {
    next += 1
    let start = next
    var isEscaped = false
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        next += 1
        return .string(start..<next - 1, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        try escape()
      case ..<0x20: throw Self.broken
      default: next += 1
      }
    }
    throw Self.broken
  }

  private mutating func escape() throws(LogsError) {
    next += 1
    guard let byte = current else { throw Self.broken }
    next += 1
    if "\"\\/bfnrt".utf8.contains(byte) { return }
    guard byte == UInt8(ascii: "u"), bytes.count - next >= 4,
      bytes[next..<next + 4].allSatisfy({ HexDigits.value($0) != nil })
    else { throw Self.broken }
    next += 4
  }

  private mutating func number() throws(LogsError) -> Token {
    let start = next
    if current == UInt8(ascii: "-") { next += 1 }
    if current == UInt8(ascii: "0") { next += 1 } else { try digits() }
    if current == UInt8(ascii: ".") {
      next += 1
      try digits()
    }
    if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
      next += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { next += 1 }
      try digits()
    }
    return .number(start..<next)
  }

  private mutating func digits() throws(LogsError) {
    let start = next
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { next += 1 }
    guard next > start else { throw Self.broken }
  }
}

/// Hexadecimal digits, of either case.
enum HexDigits {
  static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// - Returns: no bytes unless the text consists of pairs of digits.
  static func bytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.map { value($0) }
    guard digits.count.isMultiple(of: 2) else { return [] }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return [] }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
