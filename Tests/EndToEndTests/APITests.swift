import Foundation
import Testing

extension EndToEndTests {
  /// schemathesis asks whatever the OpenAPI document allows, and what it does not: for some seconds
  /// here, and for five minutes with `make test-long`.
  struct APISchemaTests {
    @Test func theAPIKeepsToItsDocument() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("Planner", (0..<40).map { Double($0 % 10) / 10 })
      try table.recordEvaluations("Safety", consistencies: [0.95, 0.85, 0.8, 0.82])
      let exporter = try await Exporter.follow(
        table.path, ["--state.path", scratch.file("state")])
      try table.execute("DELETE FROM evidence WHERE id IN (1, 5)")
      let seconds = LongTests.areWanted ? ["--seconds", "300"] : []
      try exporter.withstands("schema_check.py", seconds)
    }
  }

  /// Random filters, pages and exports of every kind of database, against a search through all rows by
  /// the oracle: some here, and over 10,000 with `make test-long`.
  struct APIFiltersTests {

    @Test func anyFilterFindsWhatTheOracleFinds() throws {
      let flavors = OracleTests.flavors
      let chosen =
        LongTests.areWanted
        ? flavors : flavors.enumerated().filter { $0.offset % 7 == 3 }.map(\.element)
      let tool = try Tool.python(
        "filters_check.py",
        ["--binary", Paths.exporter, "--filters", LongTests.areWanted ? "240" : "10", "--flavor"]
          + chosen)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      #expect(tool.output.contains(", 0 of them wrong"))
    }
  }

  /// All rows in one answer, over real sockets.
  struct APIExportTests {
    /// A client that stops reading keeps no more than a piece of an export waiting.
    @Test func anExportTakesNoMemoryForRowsThatNobodyReads() async throws {
      let (scratch, table) = try Self.store(rows: 40_000)
      let exporter = try await Exporter.follow(
        table.path, ["--state.path", scratch.file("state")])
      try exporter.withstands("export_check.py", ["memory", String(exporter.processID)])
    }

    /// An export that can't go on is not taken for a whole one.
    @Test(arguments: ["ndjson", "csv"])
    func anExportThatFailsEndsWithoutItsMark(format: String) async throws {
      let (scratch, table) = try Self.store(rows: 40_000)
      let exporter = try await Exporter.follow(
        table.path, ["--state.path", scratch.file("state")])
      try exporter.withstands("export_check.py", ["broken", format, table.path])
    }

    private static func store(rows: Int) throws -> (ScratchDirectory, EvidenceTable) {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.execute(
        """
        INSERT INTO evidence (event, payload, ts)
        WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < \(rows))
        SELECT 'metacognitive_agent_execution', '{"agent": "Planner", "output_quality": 0.8}',
          '2026-11-25T08:00:00' FROM row;
        """)
      return (scratch, table)
    }
  }
}
