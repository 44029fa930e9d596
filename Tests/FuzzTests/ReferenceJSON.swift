/// A second JSON parser, written after RFC 8259, that the payload scanner has to agree with. It
/// uses recursion and Swift's own check of UTF-8.
///
/// It also accepts `NaN`, `Infinity` and `-Infinity`, and no nesting deeper than 512.
struct ReferenceJSON {
  enum Verdict { case object, otherValue, invalid }

  private struct Invalid: Error {}

  private var rest: ArraySlice<Unicode.Scalar>

  static func verdict(on bytes: [UInt8]) -> Verdict {
    guard let text = String(validating: bytes, as: UTF8.self) else { return .invalid }
    var parser = ReferenceJSON(rest: Array(text.unicodeScalars)[...])
    parser.whitespace()
    let isObject = parser.rest.first == "{"
    guard (try? parser.value(depth: 0)) != nil else { return .invalid }
    parser.whitespace()
    return parser.rest.isEmpty ? (isObject ? .object : .otherValue) : .invalid
  }

  private mutating func whitespace() {
    rest = rest.drop { " \t\n\r".unicodeScalars.contains($0) }
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return true
  }

  private mutating func expect(_ text: String) throws(Invalid) {
    guard take(text) else { throw Invalid() }
  }

  private mutating func value(depth: Int) throws(Invalid) {
    if rest.first == "{" || rest.first == "[" { return try container(depth: depth + 1) }
    if rest.first == "\"" { return try string() }
    for literal in ["true", "false", "null", "NaN", "Infinity", "-Infinity"] where take(literal) {
      return
    }
    try number()
  }

  private mutating func container(depth: Int) throws(Invalid) {
    guard depth <= 512 else { throw Invalid() }
    let isObject = take("{")
    if !isObject { try expect("[") }
    let end = isObject ? "}" : "]"
    whitespace()
    if take(end) { return }
    repeat {
      whitespace()
      if isObject {
        try string()
        whitespace()
        try expect(":")
        whitespace()
      }
      try value(depth: depth)
      whitespace()
    } while take(",")
    try expect(end)
  }

  private mutating func string() throws(Invalid) {
    try expect("\"")
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return
      case "\\": try escape()
      default: guard scalar.value >= 0x20 else { throw Invalid() }
      }
    }
    throw Invalid()
  }

  private mutating func escape() throws(Invalid) {
    if take("u") {
      let digits = rest.prefix(4)
      guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
        throw Invalid()
      }
      rest = rest.dropFirst(4)
    } else {
      guard let scalar = rest.popFirst(), "\"\\/bfnrt".unicodeScalars.contains(scalar) else {
        throw Invalid()
      }
    }
  }

  private mutating func number() throws(Invalid) {
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
  }

  private mutating func digits() throws(Invalid) {
    let count = rest.prefix { ("0"..."9").contains($0) }.count
    guard count > 0 else { throw Invalid() }
    rest = rest.dropFirst(count)
  }
}
