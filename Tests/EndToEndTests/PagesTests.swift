import Testing

extension EndToEndTests {
  /// The pages in a real browser.
  struct PagesTests {
    /// Every page in normal, empty and broken state, in both color schemes, at three widths: nothing on
    /// the console, no scrolling sideways, every link by keyboard, and everything there without scripts.
    /// axe-core finds no violation in the two views that differ most, and with `make test-long` in any.
    @Test func everyPageCanBeReadByEverybody() async throws {
      let scratch = try ScratchDirectory()
      let normal = try EvidenceTable(scratch.file("normal.db"))
      try normal.record(Self.runs)
      let empty = try EvidenceTable(scratch.file("empty.db"))
      let exporters = [
        "normal": try await Exporter.follow(normal.path),
        "empty": try await Exporter.follow(empty.path),
        "broken": try await Exporter.start([
          "--store", scratch.file("missing.db"), "--store", normal.path,
        ]),
      ]
      let states = exporters.map { "\($0.key)=\($0.value.url)" }.sorted()
      let tool = try Tool.python(
        "pages_check.py", [LongTests.areWanted ? "search" : "look"] + states)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors.suffix(2000))")
    }

    /// Behind a real nginx that keeps the prefix, and behind one that takes it away.
    @Test func everyLinkWorksBehindNginx() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("proxied.db"))
      try table.record(Self.runs)
      let tool = try Tool.python("proxy_check.py", [Paths.exporter, table.path])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors.suffix(2000))")
      print(tool.output)
    }

    /// A bar tells of new rows, and nothing moves; a hidden tab listens to nothing.
    @Test func aRowThatAWriterAppendsIsToldWithinASecond() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("live.db"))
      try table.record(Self.runs)
      let exporter = try await Exporter.follow(table.path)
      let tool = try Tool.python("live_check.py", [exporter.url, table.path])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors.suffix(2000))")
      print(tool.output)
    }

    /// Agents, gates and subjects; one of each is breached.
    private static var runs: [(event: String, payload: String)] {
      (0..<30).flatMap { run in
        [
          (
            "metacognitive_agent_execution",
            """
            {"agent": "\(run % 2 == 0 ? "Planner" : "Writer")", "rmm_score": 0.\(run % 2 + 7), \
            "output_quality": 0.\(run % 2 == 0 ? 4 : 8)\(run % 10)}
            """
          ),
          (
            "quality_gate_evaluation",
            """
            {"gate": "Gate\(run % 2)", "output_quality": 0.7, "self_assessment": {"consistency": \
            0.\(run % 2 == 0 ? 85 : 95), "confidence": 0.8, "calibration_needed": false}, \
            "current_threshold": 0.\(60 + run)}
            """
          ),
        ]
      }
    }
  }
}
