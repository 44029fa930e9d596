import Exposition
import Testing

@Suite struct MetricFamilyTests {
  private func makeFamily(_ labelNames: [String]) -> MetricFamily {
    MetricFamily(MetricDescriptor("g", help: "G.", type: .gauge, labelNames: labelNames))
  }

  @Test func ofTwoMetricsWithTheSameLabelsTheFirstStays() {
    var family = makeFamily(["a", "b"])
    let first = family.append(["x", "y"], 1)
    let other = family.append(["z", "y"], 2)
    let second = family.append(["x", "y"], 3)
    #expect((first, other, second) == (true, true, false))
    #expect(family.metrics == [Metric(["x", "y"], .number(1)), Metric(["z", "y"], .number(2))])
  }

  @Test func aFamilyWithoutLabelsHasOneMetric() {
    var family = makeFamily([])
    family.append([], 1)
    family.append([], 2)
    #expect(family.metrics == [Metric([], .number(1))])
  }

  @Test func labelValuesAreEqualOnlyByTheirBytes() {
    var family = makeFamily(["a"])
    family.append(["é"], 1)
    family.append(["e\u{301}"], 2)
    #expect(family.metrics.count == 2)
    #expect(LabelValues(["é"]) != ["e\u{301}"])
    #expect(LabelValues(["ab", "c"]) != ["a", "bc"])
    #expect(LabelValues(["é"]) == ["é"])
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
