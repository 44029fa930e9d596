import Exposition
import Testing

@Suite struct MetricFamilyTests {
  private func makeFamily(_ labelNames: [String]) -> MetricFamily {
    MetricFamily(MetricDescriptor("g", help: "G.", type: .gauge, labelNames: labelNames))
  }

  private func samples(_ family: MetricFamily) -> [String] {
    var bytes: [UInt8] = []
    ExpositionFormat.text.encode([family], into: &bytes)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst(2)
      .map(String.init)
  }

  @Test func theFirstOfTwoMetricsWithTheSameLabelsStays() {
    var family = makeFamily(["a", "b"])
    let first = family.append(["x", "y"], 1)
    let other = family.append(["z", "y"], 2)
    let second = family.append(["x", "y"], 3)
    #expect((first, other, second) == (true, true, false))
    #expect(samples(family) == [#"g{a="x",b="y"} 1"#, #"g{a="z",b="y"} 2"#])
  }

  @Test func aFamilyWithoutLabelsHasOneMetric() {
    var family = makeFamily([])
    family.append([], 1)
    family.append([], 2)
    #expect(samples(family) == ["g 1"])
  }

  @Test func labelValuesAreComparedByTheirBytes() {
    var family = makeFamily(["a", "b"])
    let distinct: [[String]] = [
      ["é", ""], ["e\u{301}", ""], ["ab", "c"], ["a", "bc"], [#"",b=""#, "c"], ["", #"",b="c"#],
      ["\n", ""], [#"\n"#, ""], [#"\"#, ""],
    ]
    for round in 1...2 {
      for values in distinct { family.append(LabelValues(values), Double(round)) }
      #expect(family.count == distinct.count)
    }
  }

  @Test func everyOneOfManyMetricsIsFoundAgain() {
    var family = makeFamily(["a", "b"])
    let all = (0..<1000).map { LabelValues(["agent \($0 % 40)", "window \($0 / 40)"]) }
    for (index, values) in all.enumerated() { family.append(values, Double(index)) }
    for values in all.reversed() { family.append(values, -1) }
    #expect(
      samples(family)
        == (0..<1000).map { #"g{a="agent \#($0 % 40)",b="window \#($0 / 40)"} \#($0)"# })
  }

  @Test func aMissingLabelValueIsABug() async {
    await #expect(processExitsWith: .failure) {
      var family = MetricFamily(
        MetricDescriptor("g", help: "G.", type: .gauge, labelNames: ["a", "b"]))
      family.append(["x"], 1)
    }
  }

  @Test func aNumberInAHistogramIsABug() async {
    await #expect(processExitsWith: .failure) {
      var family = MetricFamily(MetricDescriptor("h", help: "H.", type: .histogram))
      family.append([], 1)
    }
  }
}
