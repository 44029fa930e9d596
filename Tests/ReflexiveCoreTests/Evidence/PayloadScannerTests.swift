import ReflexiveCore
import Testing

@Suite struct PayloadScannerTests {
  /// Scans `bytes` between other payloads, as they stand in a batch.
  static func scan(_ bytes: [UInt8]) -> Rejection? {
    var batch = EvidenceBatch()
    _ = Array(#"{"a": 1}"#.utf8).withUnsafeBytes { batch.append($0) }
    let range = bytes.withUnsafeBytes { batch.append($0) }
    _ = Array(#", "b": 2}"#.utf8).withUnsafeBytes { batch.append($0) }
    var payload = Payload()
    return PayloadScanner.scan(batch.bytes.span, range, into: &payload)
  }

  static func scan(_ text: String) -> Rejection? { scan(Array(text.utf8)) }

  static func nested(_ depth: Int, _ open: String, _ close: String) -> String {
    String(repeating: open, count: depth) + String(repeating: close, count: depth)
  }

  @Test(arguments: [
    "{}", " \t\r\n{ \n} ", #"{"":0}"#, #"{"a":[1,2 , {"b" : null}],"c":{}}"#, #"{"a":"\ud83d"}"#,
    #"{"a":"\u0000\"\\\/\b\f\n\r\t\uABCD\uabcd"}"#, "{\"a\":\"\u{7F}é€😀\u{10FFFF}\u{2028}\"}",
    #"{"a":[true,false,null,NaN,Infinity,-Infinity]}"#, #"{"a":[[[[]]],[{}],{"b":[]}]}"#,
    #"{"a":[0,-0,0.0,1e5,1E+5,1e-5,1.5e300,1e999,-1.25,123456789012345678901234567890]}"#,
    #"{"a":1,"a":2}"#, #"{"12345678":"1234567","123456789":"12345678"}"#,
  ])
  func anObjectIsAccepted(text: String) {
    #expect(Self.scan(text) == nil)
  }

  @Test(arguments: [
    "[]", "[1]", "0", "-0.5e1", "true", "false", "null", "NaN", "Infinity", "-Infinity", #""""#,
    #" "{}" "#, "[{}]", "1e999",
  ])
  func anyOtherValueIsNoObject(text: String) {
    #expect(Self.scan(text) == .notObject)
  }

  @Test(arguments: [
    "", " ", "{", "}", "[", "]", "{]", "[}", "{}}", "{}{}", "{} x", "{},", "[1,]", "[,1]", "[1 2]",
    "[1,,2]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#, "{a:1}",
    "{1:1}", "{null:1}", "{'a':1}", #"{"a"=1}"#, #"{"a"::1}"#, #"{"a":1;"b":2}"#, #"{"a":[1}]"#,
    #"{"a":{"b":1]}"#, "[1:2]", "/**/{}", "{}//", "{\u{A0}}", "{\u{B}}", "{\u{C}}", "\u{FEFF}{}",
  ])
  func aBrokenStructureIsNoJSON(text: String) {
    #expect(Self.scan(text) == .invalidJSON)
  }

  @Test(arguments: [
    "tru", "truee", "True", "fals", "nul", "nulll", "NULL", "nan", "Nan", "NaNs", "-NaN", "+NaN",
    "Inf", "-Inf", "infinity", "+Infinity", "--Infinity", "Infinit", "undefined",
  ])
  func aBrokenLiteralIsNoJSON(text: String) {
    #expect(Self.scan(text) == .invalidJSON)
    #expect(Self.scan(#"{"output_quality":\#(text)}"#) == .invalidJSON)
    #expect(Self.scan(#"{"other":\#(text)}"#) == .invalidJSON)
  }

  @Test(arguments: [
    "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1E-", "1e1.5", "1.2.3",
    "0x1", "1_0", "1f", "1 000", "--1", "1-", "1e5e5", "- 1", "\u{FF11}", "0e",
    "1234567890123456789.",
  ])
  func aBrokenNumberIsNoJSON(text: String) {
    #expect(Self.scan(text) == .invalidJSON)
    #expect(Self.scan(#"{"output_quality":\#(text)}"#) == .invalidJSON)
    #expect(Self.scan(#"{"other":[\#(text)]}"#) == .invalidJSON)
  }

  @Test(arguments: [
    "\"", "\"a", "\"a\\", "\"a\\\"", #""\x""#, #""\a""#, #""\U0041""#, #""\u""#, #""\u123""#,
    #""\u12g4""#, #""\u+123""#, #""\ud83d\u""#, "\"\t\"", "\"\n\"", "\"\u{1F}\"", "\"\0\"",
    "\"1234567\u{1}\"", "\"12345678\u{1}\"", "'a'", "\u{201C}a\u{201D}",
  ])
  func aBrokenStringIsNoJSON(text: String) {
    #expect(Self.scan(text) == .invalidJSON)
    #expect(Self.scan(#"{"agent":\#(text)}"#) == .invalidJSON)
    #expect(Self.scan(#"{\#(text):1}"#) == .invalidJSON)
  }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0xAF], [0xC1, 0x81], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0xC3], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x28],
      [0xF0, 0x9F, 0x98, 0xFF],
      [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func brokenUTF8IsNoJSON(bytes: [UInt8]) {
    #expect(Self.scan(Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)) == .invalidJSON)
    #expect(Self.scan(Array("{\"a\":\"1234567".utf8) + bytes) == .invalidJSON)
    #expect(Self.scan(bytes) == .invalidJSON)
  }

  @Test func theEdgesOfUTF8AreAccepted() {
    let scalars: [UInt32] = [
      0x20, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF,
    ]
    for scalar in scalars.compactMap(Unicode.Scalar.init) {
      #expect(Self.scan("{\"a\":\"\(Character(scalar))\"}") == nil, "\(scalar)")
    }
  }

  @Test func anEmbeddedNULIsNoJSON() {
    for text in ["{}\0", "\0{}", "{\0}", "{}\0{}", "1\0", "tru\0e"] {
      #expect(Self.scan(text) == .invalidJSON)
    }
  }

  @Test func nestingIsAllowedToADepthOf512() {
    let limit = PayloadScanner.depthLimit
    #expect(limit == 512)
    #expect(Self.scan(Self.nested(limit, "[", "]")) == .notObject)
    #expect(Self.scan(Self.nested(limit + 1, "[", "]")) == .invalidJSON)
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      // The innermost object needs a value, the innermost array does not.
      let value = open == "[" ? "" : "0"
      func nested(_ depth: Int) -> String {
        String(repeating: open, count: depth) + value + String(repeating: close, count: depth)
      }
      #expect(Self.scan(#"{"x":\#(nested(limit - 1))}"#) == nil)
      #expect(Self.scan(#"{"x":\#(nested(limit))}"#) == .invalidJSON)
      #expect(Self.scan(#"{"self_assessment":{"x":\#(nested(limit - 2))}}"#) == nil)
      #expect(Self.scan(#"{"self_assessment":{"x":\#(nested(limit - 1))}}"#) == .invalidJSON)
      #expect(Self.scan(#"{"output_quality":\#(nested(limit - 1))}"#) == nil)
      #expect(Self.scan(#"{"output_quality":\#(nested(limit))}"#) == .invalidJSON)
    }
    #expect(Self.scan(Self.nested(100_000, "[", "]")) == .invalidJSON)
    #expect(Self.scan(String(repeating: "[", count: 100_000)) == .invalidJSON)
  }

  @Test func siblingsDoNotAddToTheDepth() {
    let siblings = Array(repeating: #"{"a":[[]]}"#, count: 1000).joined(separator: ",")
    #expect(Self.scan(#"{"x":[\#(siblings)],"y":\#(Self.nested(511, "[", "]"))}"#) == nil)
  }

  @Test func theKindOfEveryLevelIsRemembered() {
    let opening = (0..<500).map { $0 % 3 == 0 ? #"{"a":"# : "[0," }
    let closing = (0..<500).reversed().map { $0 % 3 == 0 ? "}" : "]" }
    #expect(Self.scan(opening.joined() + "1" + closing.joined()) == nil)
    for level in [0, 63, 64, 65, 127, 128, 300, 499] {
      var wrong = closing
      wrong[499 - level] = closing[499 - level] == "}" ? "]" : "}"
      #expect(Self.scan(opening.joined() + "1" + wrong.joined()) == .invalidJSON)
    }
  }

  /// The scanner searches strings eight bytes at a time. It has to see any byte at any position.
  @Test func everyByteOfAStringIsChecked() {
    let pieces: [(piece: [UInt8], isAllowed: Bool)] = [
      (Array("\\n".utf8), true), (Array("é".utf8), true), ([0x7F], true), (Array("\"".utf8), false),
      ([0x00], false), ([0x1F], false), ([0x80], false), ([0xFF], false),
      (Array("\\x".utf8), false),
    ]
    for (piece, isAllowed) in pieces {
      for count in 0...20 {
        for index in 0...count {
          let plain = Array(repeating: UInt8(ascii: "!"), count: count)
          let string = [UInt8(ascii: "\"")] + plain[..<index] + piece + plain[index...]
          for (start, end) in [("{\"a\":", "\"}"), ("{", "\":0}"), ("{\"agent\":[", "\"]}")] {
            let found = Self.scan(Array(start.utf8) + string + Array(end.utf8))
            #expect(found == (isAllowed ? nil : .invalidJSON), "\(piece) at \(index) of \(count)")
          }
        }
      }
    }
  }

  @Test func everyTruncatedPayloadIsNoJSON() {
    let text =
      #"{"agent":"é\u00e9\n","x":[1.5e-3,{"y":null}],"self_assessment":{"confidence":0.5}}"#
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count {
      #expect(Self.scan(Array(bytes.prefix(count))) == .invalidJSON, "\(count) bytes")
    }
  }

  static let doubles: [(String, Double)] = [
    ("9007199254740993e-16", 9007199254740993e-16),
    ("18446744073709551617e-20", 0.18446744073709551617),
    ("0.3333333333333333333333333", 1.0 / 3), ("0.1e1", 0.1e1),
    ("12345678901234567890", 1.2345678901234567e19),
    ("1e22", 1e22), ("1e23", 1e23), ("5e-22", 5e-22), ("5e-23", 5e-23),
    ("1.7976931348623157e308", 1.7976931348623157e308),
    ("5e-324", .leastNonzeroMagnitude), ("2e-324", 0), ("-0", 0), ("-0.0e5", 0), ("-1e-400", 0),
    ("-0.5", -0.5),
    ("0e99999999999", 0),
  ]

  /// Numbers with every length of both parts, and numbers half way between two doubles.
  @Test func longNumbersAreTheNearestDoubles() {
    var random = SplitMix64()
    var texts = [
      "4503599627370496.5", "4503599627370497.5", "9007199254740993", "9007199254740993.0",
      "9007199254740992.5", "18014398509481986", "9999999999999999999", "1.8446744073709551615",
      "0.9999999999999999999", "18446744073709551615", "1844674407370955161.5",
    ]
    for whole in 1...20 {
      for fraction in 0...20 {
        for _ in 0..<20 {
          let digits = (0..<whole + fraction).map { _ in String(random.next() % 10) }
          let first = digits[0] == "0" && whole > 1 ? "7" : digits[0]
          let text = first + digits[1..<whole].joined()
          texts.append(fraction == 0 ? text : text + "." + digits[whole...].joined())
        }
      }
    }
    for text in texts {
      Self.expect(text, is: Double(text) ?? .nan)
      Self.expect("-" + text, is: 0 - (Double(text) ?? .nan))
      #expect(Self.scan("{\"x\":[\(text),\(text)]}") == nil)
      #expect(Self.scan("{\"x\":[\(text)a]}") == .invalidJSON)
    }
  }

  private struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      let mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      return mixed ^ (mixed >> 29)
    }
  }

  @Test(arguments: doubles)
  func aNumberIsTheNearestDouble(text: String, value: Double) {
    Self.expect(text, is: value)
  }

  private static func expect(_ text: String, is value: Double) {
    var payload = Payload()
    var batch = EvidenceBatch()
    let range = Array(#"{"rmm_score":\#(text)}"#.utf8).withUnsafeBytes { batch.append($0) }
    #expect(PayloadScanner.scan(batch.bytes.span, range, into: &payload) == nil)
    guard case .finite(let number) = payload.maturity else {
      Issue.record("\(text) is \(payload.maturity)")
      return
    }
    #expect(number.bitPattern == value.bitPattern, "\(text)")
  }

  @Test func aRangeWithoutASentinelIsNotRead() {
    var batch = EvidenceBatch()
    let range = Array("{}x".utf8).withUnsafeBytes { batch.append($0) }
    var payload = Payload()
    func scan(_ offset: Int, _ count: Int, _ bytes: [UInt8]) -> Rejection? {
      PayloadScanner.scan(bytes.span, ByteRange(offset: offset, count: count), into: &payload)
    }
    #expect(scan(range.offset, 2, batch.bytes) == .invalidJSON)
    #expect(scan(range.offset, 2, Array("{}".utf8) + [0]) == nil)
    #expect(scan(range.offset, 4, batch.bytes) == .invalidJSON)
    #expect(scan(range.offset, .max, batch.bytes) == .invalidJSON)
    #expect(scan(-1, 2, batch.bytes) == .invalidJSON)
    #expect(scan(.max, .max, batch.bytes) == .invalidJSON)
    #expect(scan(0, -1, batch.bytes) == .invalidJSON)
    #expect(scan(0, 2, Array("{}".utf8)) == .invalidJSON)
    #expect(scan(0, 0, []) == .invalidJSON)
  }
}
