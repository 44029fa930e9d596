import Testing

@testable import ConfigurationFiles

struct YAMLDocumentTests {
  @Test(arguments: ["", "\n", "# a comment\n", "   ", "\u{feff}"])
  func aTextWithoutContentHasNoRoot(text: String) throws {
    #expect(try YAMLDocument(bytes: Array(text.utf8)).root == nil)
  }

  @Test func aTreeKeepsOrderPlacesAndQuotes() throws {
    #expect(
      try shown("b: x\na:\n  - 'y'\n  - |\n    z\n")
        == #"1:1{1:1 b=1:4 x, 2:1 a=3:3[3:5 'y', 4:5 'z\#n']}"#)
  }

  @Test func columnsCountScalars() throws {
    #expect(try shown("\"é🙂\": x") == "1:1{1:1 é🙂=1:7 x}")
  }

  @Test func utf16AndAByteOrderMarkAreRead() throws {
    #expect(try shown("\u{feff}a: é") == "1:1{1:1 a=1:4 é}")
    let utf16 = "\u{feff}a: é".utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    #expect(try YAMLDocument(bytes: utf16).root.map(shown) == "1:1{1:1 a=1:4 é}")
  }

  @Test(arguments: ["", "~", "null", "Null", "NULL"])
  func anAbsentValueIsNull(text: String) throws {
    #expect(try firstValue("a: \(text)")?.isNull == true)
  }

  @Test(arguments: ["''", "'null'", "\"~\"", "nUll", "0", "false", "[]", "{}"])
  func anythingElseIsNotNull(text: String) throws {
    #expect(try firstValue("a: \(text)")?.isNull == false)
  }

  @Test func anAliasRepeatsItsAnchorWhereItStands() throws {
    #expect(try shown("a: &x [1]\nb: *x\n") == "1:1{1:1 a=1:4[1:8 1], 2:1 b=2:4[1:8 1]}")
  }

  @Test(arguments: [
    (
      "a: [1, 2\nb: 3\n", 2, 2,
      "did not find expected ',' or ']' (while parsing a flow sequence of line 1)"
    ),
    ("a: [1]\nretire", 2, 7, "could not find expected ':' (while scanning a simple key)"),
    ("a: 1\r\nb", 2, 2, "could not find expected ':' (while scanning a simple key)"),
    ("a: \"x\n", 2, 1, "found unexpected end of stream (while scanning a quoted scalar of line 1)"),
    ("a: 1\n b: 2\n", 2, 3, "mapping values are not allowed in this context"),
    (
      "a:\n\tb: 1\n", 2, 1,
      "found character that cannot start any token (while scanning for the next token)"
    ),
    ("a: 1\nb: 2\na: 3\n", 3, 1, "the key \"a\" is given twice, first on line 1"),
    ("[a]: 1\n", 1, 1, "a key must be text, not a list or a mapping"),
    ("a: *x\n", 1, 4, "the alias \"*x\" has no anchor above it"),
    ("a: &x [*x]\n", 1, 8, "the alias \"*x\" has no anchor above it"),
    ("a: !!int 1\n", 1, 4, "the tag \"tag:yaml.org,2002:int\" is not supported"),
    ("a: !x {}\n", 1, 4, "the tag \"!x\" is not supported"),
    ("a: 1\n---\nb: 1\n", 2, 1, "a second document begins here"),
    ("a: 1\n...\n...\n---\n", 4, 1, "a second document begins here"),
    ("a: \u{1}\n", 1, 4, "control characters are not allowed"),
    (
      "a: \"\\ud800\"\n", 1, 7,
      "found invalid Unicode character escape code (while parsing a quoted scalar)"
    ),
  ])
  func aFaultIsNamedWithItsPlace(text: String, line: Int, column: Int, problem: String) {
    #expect(fault(Array(text.utf8)) == "\(line):\(column): \(problem)")
  }

  @Test(
    arguments: [
      ([0xff], 4, "invalid leading UTF-8 octet"),
      ([0xc3, 0x28], 5, "invalid trailing UTF-8 octet"),
      ([0xed, 0xa0, 0x80], 4, "invalid Unicode character"),
      ([0xc0, 0xaf], 4, "invalid length of a UTF-8 sequence"),
      ([0xe2, 0x82], 4, "incomplete UTF-8 octet sequence"),
    ] as [([UInt8], Int, String)])
  func badUTF8IsNamedWithItsPlace(bytes: [UInt8], column: Int, problem: String) {
    let text = Array("a: 1\né: ".utf8) + bytes
    #expect(fault(text) == "2:\(column): \(problem)")
  }

  @Test func keysThatOnlyUnicodeTakesForTheSameAreTwo() throws {
    #expect(try shown("é: 1\ne\u{301}: 2\n") == "1:1{1:1 é=1:4 1, 2:1 e\u{301}=2:5 2}")
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(repeating: UInt8(ascii: "["), count: depth)
        + Array(repeating: UInt8(ascii: "]"), count: depth)
    }
    #expect(fault(nested(64)) == nil)
    #expect(fault(nested(65))?.hasSuffix(": nested deeper than 64 levels") == true)
  }

  @Test(arguments: ["[", "{", "- ", "? ", "a: {", "[[],", "{a: ", "!", "&a ", "'", "\"", "|\n"])
  func aMegabyteOfOneThingEndsInTime(text: String) {
    let bytes = Array(String(repeating: text, count: (1 << 20) / text.utf8.count).utf8)
    let elapsed = ContinuousClock().measure { _ = fault(bytes) }
    #expect(elapsed < .seconds(10))
  }

  @Test func aliasesOfAliasesAreBounded() {
    var text = "a0: &a0 [x]\n"
    for level in 1...20 {
      text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
    }
    #expect(
      fault(Array(text.utf8))?.hasSuffix(
        "more than 100000 values, counting those that aliases repeat") == true)
  }

  @Test func aHundredThousandValuesAreRead() {
    #expect(fault(Array("[\(String(repeating: "1,", count: 99_999))]".utf8)) == nil)
    #expect(
      fault(Array("[\(String(repeating: "1,", count: 100_000))]".utf8))?.hasSuffix(
        "more than 100000 values, counting those that aliases repeat") == true)
  }
}

private func document(_ text: String) throws -> YAMLNode? {
  try YAMLDocument(bytes: Array(text.utf8)).root
}

private func firstValue(_ text: String) throws -> YAMLNode? {
  guard case .mapping(let entries) = try document(text)?.content else { return nil }
  return entries.first?.value
}

private func shown(_ text: String) throws -> String? {
  try document(text).map(shown)
}

private func shown(_ node: YAMLNode) -> String {
  let place = "\(node.place.line):\(node.place.column)"
  switch node.content {
  case .scalar(let text, let isPlain):
    return "\(place) \(isPlain ? text : "'\(text)'")"
  case .sequence(let items):
    return "\(place)[\(items.map(shown).joined(separator: ", "))]"
  case .mapping(let entries):
    let entries = entries.map { entry in
      "\(entry.place.line):\(entry.place.column) \(entry.key)=\(shown(entry.value))"
    }
    return "\(place){\(entries.joined(separator: ", "))}"
  }
}

/// `line:column: problem`
private func fault(_ bytes: [UInt8]) -> String? {
  do {
    _ = try YAMLDocument(bytes: bytes)
    return nil
  } catch {
    return "\(error.place.line):\(error.place.column): \(error.problem)"
  }
}
