import Foundation
import Testing

extension EndToEndTests {
  /// A real Prometheus scrapes while agents write.
  struct PrometheusTests {
    private struct Report: Decodable {
      var scrapes: Int
      var failed_scrapes: Int
      var min_up: Double?
      var samples_min: Double?
      var samples_max: Double?
      var openmetrics: Bool
    }

    @Test func everyScrapeSucceedsInOpenMetrics() async throws {
      let seconds = LongTests.areWanted ? 60 : 12
      let scratch = try ScratchDirectory()
      let exporter = try await Exporter.start(["demo"])
      try await exporter.waitUntilReady()
      let tool = try Tool.python(
        "prometheus_run.py",
        [
          String(exporter.url.dropFirst("http://".count)), "--seconds", String(seconds), "--work",
          scratch.file("prometheus"),
        ])
      let report = try JSONDecoder().decode(Report.self, from: Data(tool.output.utf8))
      #expect(report.scrapes >= seconds - 5)
      #expect(report.failed_scrapes == 0 && report.min_up == 1)
      #expect(report.samples_min == report.samples_max)
      #expect(report.openmetrics)
    }

    @Test func strictParsersAndPromtoolAcceptThePages() async throws {
      let exporter = try await Exporter.start(["demo"])
      try await exporter.waitUntilReady()
      let tool = try Tool.python("exposition_check.py", [exporter.url + "/metrics"])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
    }
  }
}
