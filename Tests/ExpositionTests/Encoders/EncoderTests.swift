import Exposition
import Testing

private func encode(_ families: [MetricFamily], _ format: ExpositionFormat) -> String {
  var bytes: [UInt8] = []
  format.encode(families, into: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

private func lines(_ families: [MetricFamily], _ format: ExpositionFormat) -> [String] {
  encode(families, format).split(separator: "\n").map(String.init)
}

private func gauge(_ value: Double) -> MetricFamily {
  var family = MetricFamily(MetricDescriptor("g", help: "G.", type: .gauge))
  family.append([], value)
  return family
}

@Suite struct EncoderTests {
  @Test func aCounterHasItsSuffixInTextMetadataAndNotInOpenMetrics() {
    var family = MetricFamily(MetricDescriptor("rows_total", help: "Rows.", type: .counter))
    family.append([], 3)
    #expect(
      lines([family], .text)
        == ["# HELP rows_total Rows.", "# TYPE rows_total counter", "rows_total 3"])
    #expect(
      lines([family], .openMetrics)
        == ["# TYPE rows counter", "# HELP rows Rows.", "rows_total 3", "# EOF"])
  }

  @Test func withoutMetricsOnlyTheEndMarkerIsWritten() {
    let empty = MetricFamily(MetricDescriptor("g", help: "G.", type: .gauge))
    for families in [[], [empty]] {
      #expect(encode(families, .text) == "")
      #expect(encode(families, .openMetrics) == "# EOF\n")
    }
  }

  @Test func encodingAppends() {
    for format in ExpositionFormat.allCases {
      var bytes = Array("before\n".utf8)
      format.encode([gauge(1)], into: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == "before\n" + encode([gauge(1)], format))
    }
  }

  @Test func onlyOpenMetricsHasUnits() {
    var family = MetricFamily(
      MetricDescriptor("cpu_seconds_total", help: "CPU.", type: .counter, unit: "seconds"))
    family.append([], 1)
    #expect(lines([family], .openMetrics).contains("# UNIT cpu_seconds seconds"))
    #expect(!encode([family], .text).contains("UNIT"))
  }

  @Test func onlyHelpOfOpenMetricsEscapesQuotes() {
    var family = MetricFamily(MetricDescriptor("g", help: "a \"b\" \\ c\nd", type: .gauge))
    family.append([], 1)
    #expect(lines([family], .text)[0] == #"# HELP g a "b" \\ c\nd"#)
    #expect(lines([family], .openMetrics)[1] == #"# HELP g a \"b\" \\ c\nd"#)
  }

  @Test(arguments: [
    ("\r\n", "\r\\n"), ("\"\u{301}", "\\\"\u{301}"), ("\\\u{301}", "\\\\\u{301}"),
    ("\n\u{301}", "\\n\u{301}"), ("\u{0}\u{1b}\t", "\u{0}\u{1b}\t"), ("e\u{301}", "e\u{301}"),
    ("\"\"\\\\\n\n", #"\"\"\\\\\n\n"#),
  ])
  func labelValuesAreEscapedByteByByte(value: String, escaped: String) {
    var family = MetricFamily(
      MetricDescriptor("g", help: "G.", type: .gauge, labelNames: ["l"]))
    family.append([value], 1)
    for format in ExpositionFormat.allCases {
      var bytes: [UInt8] = []
      format.encode([family], into: &bytes)
      #expect(bytes.contains(Array("\ng{l=\"\(escaped)\"} 1\n".utf8)))
    }
  }

  @Test(arguments: [
    (0, "0"), (-0.0, "-0"), (1, "1"), (-3, "-3"), (0.75, "0.75"),
    (0.1 + 0.2, "0.30000000000000004"),
    (0x1p53, "9007199254740992"), (0x1p53 + 2, "9.007199254740994e+15"), (1e21, "1e+21"),
    (1e-7, "1e-07"), (1732550400.123456, "1732550400.123456"), (.infinity, "+Inf"),
    (-.infinity, "-Inf"), (.nan, "NaN"), (.leastNonzeroMagnitude, "5e-324"),
  ])
  func numbersAreTheShortestThatReadBack(value: Double, text: String) {
    for format in ExpositionFormat.allCases {
      #expect(lines([gauge(value)], format)[2] == "g \(text)")
    }
  }

  @Test func familiesAndMetricsKeepTheirOrder() {
    var late = MetricFamily(MetricDescriptor("z", help: "Z.", type: .gauge, labelNames: ["l"]))
    late.append(["b"], 1)
    late.append(["a"], 2)
    let samples = lines([late, gauge(3)], .text).filter { !$0.hasPrefix("#") }
    #expect(samples == ["z{l=\"b\"} 1", "z{l=\"a\"} 2", "g 3"])
  }

  @Test func familiesOfOneNameInOpenMetricsAreABug() async {
    await #expect(processExitsWith: .failure) {
      let families = [("x", MetricType.gauge), ("x_total", .counter)].map { name, type in
        MetricFamily(MetricDescriptor(name, help: "X.", type: type))
      }
      var bytes: [UInt8] = []
      ExpositionFormat.text.encode(families, into: &bytes)
    }
  }
}
