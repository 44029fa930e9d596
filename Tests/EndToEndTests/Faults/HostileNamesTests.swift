import Testing

extension EndToEndTests {
  /// The writers of rows choose the names of agents, gates and events.
  struct HostileNamesTests {
    private static let names = [
      #"" onmouseover="alert(1)"#, "\n# HELP forged\nreflexive_store_up{store=\"evidence\"} 0\n",
      "\r\nlevel=error msg=forged", "\u{1b}[31mred\u{1b}[0m", "<script>alert(1)</script>",
      "'; DROP TABLE evidence; --", "\\", "\\\"", "\"\u{301}", "é", "e\u{301}", "_other",
      "unknown", "\u{2028}\u{202e}\u{feff}\u{0}", "}", "{agent=\"x\"}", " ", "%s%n%00", "../../etc",
      String(repeating: "x", count: 10_000), String(repeating: "😀", count: 2_500),
    ]

    @Test func noNameIsMoreThanAName() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(table.path, ["--log.level", "debug"])
      try table.record(Self.names.flatMap(Self.rows))
      let rows = Double(3 * Self.names.count)
      let page = try await exporter.page("every row is read") {
        $0[#"reflexive_store_tail_id{store="evidence"}"#] == rows
      }
      #expect(page.isUp && page.sum("reflexive_evidence_rejected_total") == 0)
      #expect(try exporter.faultsOfExposition() == "")
      #expect(try exporter.differences(from: table.path) == "")
      let log = try exporter.log
      #expect(log.split(separator: "\n").allSatisfy { $0.hasPrefix("ts=") })
      #expect(!log.unicodeScalars.contains("\u{1b}"))
    }

    /// One execution, one evaluation and one event of that name.
    private static func rows(_ name: String) -> [(event: String, payload: String)] {
      let quoted = json(name)
      return [
        ("metacognitive_agent_execution", #"{"agent": \#(quoted), "output_quality": 0.5}"#),
        (
          "quality_gate_evaluation",
          #"{"gate": \#(quoted), "self_assessment": {"consistency": 0.5}}"#
        ),
        (name.unicodeScalars.contains("\u{0}") ? "NUL" : name, "{}"),
      ]
    }

    private static func json(_ text: String) -> String {
      "\""
        + text.unicodeScalars.map { scalar in
          switch scalar {
          case "\"": "\\\""
          case "\\": "\\\\"
          case "\u{0}"..<" ":
            "\\u00" + (scalar.value < 16 ? "0" : "")
              + String(scalar.value, radix: 16)
          default: String(scalar)
          }
        }.joined() + "\""
    }

    @Test func seriesAreBoundedAndTotalsExactWith100000Names() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("first", [0.5])
      let configuration = try scratch.write(
        "exporter.yml", "stores: [{path: evidence.db}]\nlimits: {label_values: 50}\n")
      let exporter = try await Exporter.start(["--config.file", configuration])
      try await exporter.waitUntilReady()
      try table.execute(
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        INSERT INTO evidence (event, payload, ts) SELECT 'metacognitive_agent_execution',
          json_object('agent', 'agent ' || i, 'output_quality', 0.5), '2026-01-01T00:00:00' FROM n;
        """)
      let page = try await exporter.page("every row is counted") { $0.rows == 100_001 }
      let executions = "reflexive_agent_executions_total"
      #expect(page.sum(executions) == 100_001)
      let named = page.series(executions) - 1
      #expect(named == 50)
      #expect(page.executions("_other") == Double(100_001 - named))
      #expect(
        page[#"reflexive_label_overflow_total{store="evidence",label="agent"}"#]
          == Double(100_001 - named))
      #expect(page.samples.count < 2500)
      #expect(page.isUp)
      #expect(try exporter.isHealthyAndReady)
    }
  }
}
