import EvidenceStore
import Following
import ReflexiveCore
import TestSupport
import Testing

@testable import ExporterApp

/// A page and the metrics of one instant show the same numbers.
struct PageNumbersTests {
  private static let now = UnixTime(seconds: Int64(1_800_000_000))

  @Test(arguments: 1...8) func everyMeanOfAPageIsTheOneOfTheMetrics(seed: UInt64) async throws {
    let time = TimeSource(wall: { Self.now }, monotonic: { .now })
    let exporter = try RoutedExporter(keepsState: true, time: time)
    try PageEvidence.write(rows(seed: seed), to: exporter.paths[0])
    exporter.readStores()
    let metrics = try await exporter.ask("/metrics").body
    var compared = 0
    for range in ["1h", "24h", "7d", "all"] {
      for (kind, table, name, average, samples) in [
        ("agent", "Mean QSR", "A", "reflexive_qsr_average", "reflexive_qsr_samples"),
        ("subject", "Mean maturity (RMM)", "A", "reflexive_rmm_average", "reflexive_rmm_samples"),
      ] {
        let page = try await exporter.ask("/\(kind)?\(kind)=\(name)&range=\(range)").body
        let row = try #require(page.row("State over ", containing: table))
        let labels = "{store=\"evidence\",\(kind)=\"\(name)\",window=\"\(range)\"}"
        let (mean, count) = (metrics.value(average + labels), metrics.value(samples + labels))
        #expect(row.values == (mean.map { [$0] } ?? []) + [count ?? 0])
        compared += mean == nil ? 0 : 1
      }
      let gate = try await exporter.ask("/gate?gate=G&range=\(range)").body
      let labels = "{store=\"evidence\",gate=\"G\",window=\"\(range)\"}"
      let row = try #require(
        gate.row("Mean consistency by window", containing: range == "all" ? "all rows" : range))
      if let mean = metrics.value("reflexive_gate_consistency_average" + labels) {
        #expect(row.values.first == mean)
      }
    }
    #expect(compared >= 4)
  }

  private func rows(seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    return (0..<200).map { _ in
      let age = Double.random(in: 0...700_000, using: &random)
      let time = Self.now.advanced(by: -age).calendarText
      let score = Double.random(in: 0...1, using: &random)
      return Bool.random(using: &random)
        ? """
        {"agent": "A", "output_quality": \(score), "rmm_score": \(1 - score), "timestamp": "\(time)"}
        """
        : """
        {"gate": "G", "self_assessment": {"consistency": \(score)}, "timestamp": "\(time)"}
        """
    }
  }
}

extension String {
  /// The markup of the row of a table, both by what they begin with or hold.
  fileprivate func row(_ caption: String, containing text: String) -> String? {
    guard let start = firstRange(of: "<caption>\(caption)")?.lowerBound,
      let end = self[start...].firstRange(of: "</table>")?.lowerBound
    else { return nil }
    return self[start..<end].split(separator: "<tr").map(String.init).first {
      $0.contains(">\(text)<")
    }
  }

  /// The whole numbers behind those that are shown.
  fileprivate var values: [Double] {
    matches(of: /<td[^>]*><data value="([^"]*)"/).compactMap { Double($0.1) }
  }

  fileprivate func value(_ series: String) -> Double? {
    split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
  }
}
