import ReflexiveCore
import Testing

/// A text of our own for each category of JSONTestSuite (github.com/nst/JSONTestSuite, "Parsing
/// JSON is a Minefield").
struct JSONCase: Sendable, CustomTestStringConvertible {
  /// The category.
  var name: String
  var bytes: [UInt8]

  var testDescription: String { name }

  /// - Parameter table: one line `name | text` per case, in which `<0A>` stands for a byte.
  static func parse(_ table: String) -> [JSONCase] {
    table.split(separator: "\n").compactMap { line in
      guard let bar = line.firstRange(of: " | ") else { return nil }
      let text = line[bar.upperBound...]
      var bytes: [UInt8] = []
      var rest = text[...]
      while let match = rest.firstMatch(of: /<([0-9A-F]{2})>/.matchingSemantics(.unicodeScalar)) {
        bytes += rest[..<match.range.lowerBound].utf8
        bytes += UInt8(match.1, radix: 16).map { [$0] } ?? []
        rest = rest[match.range.upperBound...]
      }
      return JSONCase(name: String(line[..<bar.lowerBound]), bytes: bytes + rest.utf8)
    }
  }

  static func nested(_ name: String, _ depth: Int) -> JSONCase {
    JSONCase(
      name: name,
      bytes: Array(repeating: UInt8(ascii: "["), count: depth)
        + Array(repeating: UInt8(ascii: "]"), count: depth))
  }
}

@Suite struct JSONCategoryTests {
  /// Contexts of a text: an unknown field, a score, an assessment, an element of a list.
  private static let contexts = [
    (#"{"other":"#, "}"), (#"{"output_quality":"#, "}"), (#"{"self_assessment":"#, "}"),
    (#"{"timestamp":1,"x":[0,"#, #",1],"gate":"g"}"#),
  ]

  private static func verdict(_ bytes: [UInt8]) -> Rejection? {
    var batch = EvidenceBatch()
    let range = bytes.withUnsafeBytes { batch.append($0) }
    var payload = Payload()
    return PayloadScanner.scan(batch.bytes.span, range, into: &payload)
  }

  private static func verdicts(inContextOf bytes: [UInt8]) -> [Rejection?] {
    contexts.map { verdict(Array($0.0.utf8) + bytes + Array($0.1.utf8)) }
  }

  @Test(arguments: JSONCase.valid + JSONCase.accepted + JSONCase.python)
  func theTextIsAccepted(json: JSONCase) {
    let isObject = json.bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
    #expect(Self.verdict(json.bytes) == (isObject ? nil : .notObject))
    #expect(Self.verdicts(inContextOf: json.bytes) == [nil, nil, nil, nil])
  }

  @Test(arguments: JSONCase.invalid + JSONCase.rejected)
  func theTextIsRejected(json: JSONCase) {
    #expect(Self.verdict(json.bytes) == .invalidJSON)
    #expect(Self.verdicts(inContextOf: json.bytes).allSatisfy { $0 == .invalidJSON })
  }

  @Test func allCategoriesAreThere() {
    #expect(JSONCase.valid.count == 95)
    #expect((JSONCase.invalid + JSONCase.python).count == 188)
    #expect((JSONCase.accepted + JSONCase.rejected).count == 35)
  }
}
