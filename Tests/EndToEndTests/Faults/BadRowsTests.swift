import Testing

extension EndToEndTests {
  /// An unusable row is rejected alone and counted by its reason, and the log names it.
  struct BadRowsTests {
    private struct Row {
      var reason: String?
      var payload: String
      var event = "metacognitive_agent_execution"
      var time = "strftime('%Y-%m-%dT%H:%M:%f', 'now')"
    }

    private static func nested(_ levels: Int) -> String {
      let pairs = levels / 2
      return String(repeating: #"{"x":["#, count: pairs) + String(repeating: "]}", count: pairs)
    }

    private static let rows = [
      Row(payload: #"{"agent": "a", "output_quality": 0.5}"#),
      Row(reason: "invalid_json", payload: #"{"agent": "a", "output_quality": 0."#),
      Row(reason: "invalid_json", payload: ""),
      Row(reason: "invalid_json", payload: #"{"agent": "a",}"#),
      Row(reason: "invalid_json", payload: String(repeating: "[", count: 100_000)),
      Row(reason: "not_object", payload: "[1, 2]"),
      Row(reason: "not_object", payload: "null"),
      Row(reason: "bad_timestamp", payload: #"{"agent": "a"}"#, time: "'yesterday'"),
      Row(reason: "bad_timestamp", payload: #"{"agent": "a"}"#, time: "''"),
      Row(reason: "future_timestamp", payload: #"{"agent": "a"}"#, time: "'2999-01-01T00:00:00'"),
      Row(reason: "wrong_type", payload: #"{"agent": "a", "output_quality": "0.5"}"#),
      Row(reason: "wrong_type", payload: #"{"agent": "a", "output_quality": true}"#),
      Row(reason: "wrong_type", payload: #"{"agent": "a", "output_quality": {"value": 1}}"#),
      Row(
        reason: "wrong_type", payload: #"{"gate": "g", "self_assessment": [0.9]}"#,
        event: "quality_gate_evaluation"),
      Row(reason: "non_finite", payload: #"{"agent": "a", "output_quality": NaN}"#),
      Row(reason: "non_finite", payload: #"{"agent": "a", "output_quality": 1e400}"#),
      Row(reason: "out_of_range", payload: #"{"agent": "a", "output_quality": 1.5}"#),
      Row(reason: "out_of_range", payload: #"{"agent": "a", "output_quality": -0.001}"#),
      Row(
        reason: "too_large",
        payload: #"{"agent": "a", "x": ""# + String(repeating: "x", count: 1 << 20) + #""}"#),
      Row(reason: "invalid_json", payload: nested(100_000)),
      // Missing, null, mistyped where nothing is used: all of these are good.
      Row(payload: "{}"),
      Row(payload: #"{"agent": null, "output_quality": null}"#),
      Row(payload: #"{"agent": 5, "gate": {}, "current_threshold": "high"}"#),
      Row(payload: #"{"agent": "a", "x": "# + nested(500) + "}"),
      Row(payload: #"{"agent": "a", "output_quality": "good"}"#, event: "note"),
      // The column says what it is, whatever the payload says.
      Row(
        payload: #"{"event": "quality_gate_evaluation", "agent": "a", "output_quality": 0.9}"#),
      Row(
        payload: #"{"event": "metacognitive_agent_execution", "agent": "a"}"#,
        event: "quality_gate_evaluation"),
    ]

    @Test func eachIsRejectedAloneAndCanBeFound() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(table.path, ["--log.level", "debug"])
      try table.execute(
        "INSERT INTO evidence (event, payload, ts) VALUES "
          + Self.rows.map { "('\($0.event)', '\($0.payload)', \($0.time))" }
          .joined(separator: ",") + ";")
      let page = try await exporter.page("every row is counted") {
        $0.rows == Double(Self.rows.count)
      }
      let log = try exporter.log
      for (index, row) in Self.rows.enumerated() {
        let line = "msg=\"rejected evidence\" id=\(index + 1) reason="
        #expect(log.contains(line) == (row.reason != nil))
        if let reason = row.reason { #expect(log.contains(line + reason + " ")) }
      }
      let reasons = Dictionary(grouping: Self.rows.compactMap(\.reason)) { $0 }
      for (reason, rows) in reasons { #expect(page.rejected(reason) == Double(rows.count)) }
      #expect(reasons.count == page.series("reflexive_evidence_rejected_total"))
      #expect(page.isUp)
      #expect(try exporter.isHealthyAndReady)
      #expect(try exporter.differences(from: table.path) == "")
    }
  }
}
