import Exposition
import Testing

@Suite struct AcceptFuzzTests {
  private static let tokens = [
    "application/openmetrics-text", "text/plain", "*/*", "application/*", "text/*", "*", ",", ";",
    ";q=0", ";q=0.5", ";q=1", ";q=0.001", ";q=", ";Q=0.9", ";version=1.0.0", ";version=0.0.4",
    ";version=0.0.1", "=", " ", "\t", "\"", "\\", "gzip", "x-gzip", "identity", "é", ";q=0.000",
  ]
  private static let seeds = [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
      + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "text/plain;q=0.2, application/openmetrics-text;q=0.3", "text/plain;q=0, */*",
    "application/*;q=0.5, text/*;q=0.4", "gzip;q=1.0, identity;q=0.5, *;q=0", "",
    "Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=\"1.000\"",
  ].map { Array($0.utf8) }

  @Test func theAnswerIsThatOfTheReference() throws {
    let fuzz = try Fuzz("accept", iterations: 12_000, seeds: Self.seeds, tokens: Self.tokens)
    var openMetrics = 0
    let tried = try fuzz.run { input in
      let header = String(decoding: input, as: UTF8.self)
      let format = ContentNegotiation.negotiate(accept: header)
      let compressed = ContentNegotiation.acceptsGzip(header)
      openMetrics += format == .openMetrics ? 1 : 0
      // The reference does not know quotes.
      if header.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" }) { return nil }
      let reference = ReferenceNegotiation(header)
      guard format == reference.format else { return "served as \(format)" }
      return compressed == reference.acceptsGzip ? nil : "compressed: \(compressed)"
    }
    #expect(tried / 20..<tried ~= openMetrics, "\(openMetrics) of \(tried) get OpenMetrics")
  }

  @Test func aFormatWithWeightZeroIsNotServed() throws {
    let fuzz = try Fuzz("accept", iterations: 8000, seeds: Self.seeds, tokens: Self.tokens)
    try fuzz.run { input in
      let header = String(decoding: input, as: UTF8.self)
      guard !header.utf8.contains(UInt8(ascii: "\"")), !header.utf8.contains(UInt8(ascii: "\\")),
        !header.lowercased().contains("openmetrics")
      else { return nil }
      let refused = "application/openmetrics-text;q=0," + header
      return ContentNegotiation.negotiate(accept: refused) == .text ? nil : "OpenMetrics is served"
    }
  }
}

/// A second implementation of RFC 9110, sections 12.5.1 and 12.5.3, that works on lists of strings.
private struct ReferenceNegotiation {
  private struct Element {
    var name: String
    var version: String?
    var weight: Double?
  }

  private var elements: [Element]

  init(_ header: String) {
    elements = Self.split(header, at: ",").map { element in
      var parts = Self.split(element, at: ";")[...]
      let name = parts.removeFirst()
      var parameters: [String: String] = [:]
      for parameter in parts {
        let sides = parameter.unicodeScalars.split(
          separator: "=", maxSplits: 1, omittingEmptySubsequences: false
        ).map { Self.trimmed(String($0)) }
        parameters[sides[0]] = sides.count > 1 ? sides[1] : ""
      }
      return Element(
        name: name, version: parameters["version"],
        weight: parameters["q"].map(Self.weight) ?? 1)
    }.filter { !$0.name.isEmpty }
  }

  var format: ExpositionFormat {
    let text = preference(["text/plain", "text/*", "*/*", "*"], version: "0.0.4")
    let openMetrics = preference(
      ["application/openmetrics-text", "application/*", "*/*", "*"], version: "1.0.0")
    guard let openMetrics, openMetrics.weight > 0 else { return .text }
    guard let text else { return .openMetrics }
    if openMetrics.weight != text.weight {
      return openMetrics.weight > text.weight ? .openMetrics : .text
    }
    if openMetrics.rank != text.rank { return openMetrics.rank < text.rank ? .openMetrics : .text }
    return openMetrics.position < text.position ? .openMetrics : .text
  }

  var acceptsGzip: Bool {
    func best(_ names: String...) -> Double? {
      elements.filter { names.contains($0.name) }.compactMap(\.weight).max()
    }
    let gzip = best("gzip", "x-gzip") ?? best("*") ?? 0
    return gzip > 0 && gzip >= best("identity") ?? best("*") ?? 0
  }

  /// The most specific range that matches; of several, the one with the highest weight, then the
  /// first. A lower rank is more specific.
  private func preference(
    _ names: [String], version: String
  ) -> (rank: Int, weight: Double, position: Int)? {
    elements.enumerated().compactMap { position, element in
      guard let weight = element.weight, let name = names.firstIndex(of: element.name) else {
        return nil
      }
      guard name == 0, let asked = element.version else {
        return (rank: min(name + 1, 3), weight: weight, position: position)
      }
      return asked == version ? (rank: 0, weight: weight, position: position) : nil
    }.min { ($0.rank, -$0.weight, $0.position) < ($1.rank, -$1.weight, $1.position) }
  }

  private static func weight(_ text: String) -> Double? {
    guard text.wholeMatch(of: /[0-9]+\.?[0-9]*|\.[0-9]+/.matchingSemantics(.unicodeScalar)) != nil
    else { return nil }
    return Double("0" + text + (text.contains(".") ? "0" : "")).map { min($0, 1) }
  }

  private static func split(_ text: String, at separator: Unicode.Scalar) -> [String] {
    text.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false)
      .map { trimmed(String($0)) }
  }

  /// In lower case, ASCII alone.
  private static func trimmed(_ text: String) -> String {
    let isSpace = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
    let start = text.unicodeScalars.drop(while: isSpace)
    let end = start.reversed().drop(while: isSpace).reversed()
    var result = String.UnicodeScalarView()
    for scalar in end {
      result.append(
        ("A"..."Z").contains(scalar)
          ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
    }
    return String(result)
  }
}
