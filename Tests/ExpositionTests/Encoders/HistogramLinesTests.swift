import Exposition
import Testing

@Suite struct HistogramLinesTests {
  private func samples(
    _ histogram: Histogram, labels: [(name: String, value: String)] = [],
    _ format: ExpositionFormat
  ) -> [String] {
    var family = MetricFamily(
      MetricDescriptor("h", help: "H.", type: .histogram, labelNames: labels.map(\.name)))
    family.append(LabelValues(labels.map(\.value)), histogram)
    var bytes: [UInt8] = []
    format.encode([family], into: &bytes)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("#") }
  }

  @Test(arguments: ExpositionFormat.allCases)
  func bucketsAddUpAndTheLastIsTheCount(format: ExpositionFormat) {
    let histogram = Histogram(
      buckets: HistogramBuckets([0.1, 1, 30]), counts: [1, 2, 0, 4], sum: 99.5)
    #expect(
      samples(histogram, format) == [
        "h_bucket{le=\"0.1\"} 1", "h_bucket{le=\"1.0\"} 3", "h_bucket{le=\"30.0\"} 3",
        "h_bucket{le=\"+Inf\"} 7", "h_sum 99.5", "h_count 7",
      ])
  }

  @Test(arguments: ExpositionFormat.allCases)
  func leFollowsTheFamilysLabels(format: ExpositionFormat) {
    let histogram = Histogram(buckets: HistogramBuckets([]), counts: [2], sum: 1)
    #expect(
      samples(histogram, labels: [("store", "s"), ("agent", "a\"")], format) == [
        #"h_bucket{store="s",agent="a\"",le="+Inf"} 2"#, #"h_sum{store="s",agent="a\""} 1"#,
        #"h_count{store="s",agent="a\""} 2"#,
      ])
  }

  @Test func exemplarsAreWrittenInOpenMetricsAlone() {
    let histogram = Histogram(
      buckets: HistogramBuckets([0.5]), counts: [1, 1], sum: 1.1,
      exemplars: [
        Exemplar(labels: ["evidence_id": "7"], value: 0.42, timestamp: 1732.5),
        Exemplar(labels: ["a": "\"\n\\", "b": ""], value: 1),
      ])
    #expect(
      samples(histogram, .openMetrics).prefix(2) == [
        #"h_bucket{le="0.5"} 1 # {evidence_id="7"} 0.42 1732.5"#,
        #"h_bucket{le="+Inf"} 2 # {a="\"\n\\",b=""} 1"#,
      ])
    #expect(!samples(histogram, .text).contains { $0.contains("#") })
  }

  @Test func leTextsAreCanonicalNumbers() {
    let buckets = HistogramBuckets([0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.95, 1, 2.5, 5, 10, 30, 60])
    #expect(
      buckets.leTexts == [
        "0.01", "0.05", "0.1", "0.25", "0.5", "0.75", "0.95", "1.0", "2.5", "5.0", "10.0", "30.0",
        "60.0", "+Inf",
      ])
  }

  @Test func aLabelSetOver128CharactersMakesNoExemplar() {
    let longest = String(repeating: "é", count: 127)
    #expect(Exemplar(labels: ["a": longest], value: 1) != nil)
    #expect(Exemplar(labels: ["a": longest + "b"], value: 1) == nil)
  }

  @Test func aTimestampThatIsNotFiniteIsLeftOut() {
    for timestamp in [Double.infinity, -.infinity, .nan] {
      #expect(Exemplar(labels: ["a": "b"], value: 1, timestamp: timestamp)?.timestamp == nil)
    }
    #expect(Exemplar(labels: ["a": "b"], value: 1, timestamp: -1.5)?.timestamp == -1.5)
  }
}
