import Foundation
import Testing

extension EndToEndTests.WaitingTests {
  /// What Prometheus computes from counters that outlive the process.
  struct RestartsUnderPrometheusTests {
    private struct Report: Decodable {
      var restarts: Int
      var scrapes_down: Double
      var resets: Double
      var written: Double
      var increase: Double
      var final_value: Double
      var rows: Double
    }

    @Test func increaseIsTheRowsWrittenThroughFiveRestarts() throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: "wal")
      let tool = try Tool.python(
        "restarts_run.py", [Paths.exporter, table.path, "--work", scratch.file("work")])
      try #require(tool.status == 0, "\(tool.errors)")
      let report = try JSONDecoder().decode(Report.self, from: Data(tool.output.utf8))
      #expect(report.restarts == 5 && report.written > 100)
      #expect(abs(report.increase - report.written) <= 0.01 * report.written)
      #expect(report.final_value == report.rows)
      #expect(report.resets == 0)
    }
  }
}
