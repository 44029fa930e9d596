import Foundation
import Testing

extension EndToEndTests {
  /// The exporter is told to stop while it answers.
  struct SlowEndingTests {
    @Test func aSlowClientGetsItsWholeAnswer() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.record(
        (0..<8_000).map {
          ("metacognitive_agent_execution", #"{"agent": "agent \#($0)", "output_quality": 0.5}"#)
        })
      try Data("stores: [{path: evidence.db}]\nlimits: {label_values: 10000}\n".utf8)
        .write(to: URL(fileURLWithPath: scratch.file("config.yml")))
      let exporter = try await Exporter.start(
        ["serve", "--config.file", scratch.file("config.yml")])
      try await exporter.waitUntilReady()
      let client = try Tool.python(
        "slow_ending.py", [exporter.url, String(exporter.processID)])
      #expect(client.status == 0, "\(client.errors)")
      #expect(exporter.stop() == 0)
      #expect(try exporter.log.contains("msg=stopped"))
    }
  }
}
