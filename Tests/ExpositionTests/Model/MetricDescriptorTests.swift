import Exposition
import Testing

@Suite struct MetricDescriptorTests {
  @Test func onlyACounterHasAnotherFamilyName() {
    #expect(MetricDescriptor("a_b_total", help: "", type: .counter).familyName == "a_b")
    #expect(MetricDescriptor("a:b", help: "", type: .gauge).familyName == "a:b")
  }

  @Test func aCounterWithoutItsSuffixIsABug() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricDescriptor("rows", help: "", type: .counter)
    }
  }

  @Test func aGaugeNamedLikeACounterIsABug() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricDescriptor("rows_total", help: "", type: .gauge)
    }
  }

  @Test func aGaugeNamedLikeAHistogramsSampleIsABug() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricDescriptor("rows_count", help: "", type: .gauge)
    }
  }

  @Test func aNameThatDoesNotEndInItsUnitIsABug() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricDescriptor("age", help: "", type: .gauge, unit: "seconds")
    }
  }

  @Test func aNameBeyondASCIIIsABug() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricDescriptor("größe", help: "", type: .gauge)
    }
  }

  @Test func aReservedLabelIsABug() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricDescriptor("h", help: "", type: .histogram, labelNames: ["le"])
    }
  }

  @Test func aLabelNamedTwiceIsABug() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricDescriptor("g", help: "", type: .gauge, labelNames: ["a", "a"])
    }
  }
}
