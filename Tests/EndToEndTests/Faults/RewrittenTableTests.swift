import Testing

extension EndToEndTests {
  /// Rows are deleted, or inserted again under ids that were used before.
  struct RewrittenTableTests {
    @Test(arguments: ["delete", "wal"])
    func vacuumAndPruningChangeNoCounter(journal: String) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: journal)
      try table.recordExecutions("a", Array(repeating: 0.5, count: 500))
      let exporter = try await Exporter.follow(table.path)
      try table.execute("DELETE FROM evidence WHERE id <= 400; VACUUM;")
      try table.recordExecutions("a", [0.6])
      _ = try await exporter.page("the next row is counted") { $0.executions("a") == 501 }
      try table.execute("DELETE FROM evidence; VACUUM;")
      try table.recordExecutions("a", [0.7])
      let page = try await exporter.page("the row after that, too") { $0.executions("a") == 502 }
      #expect(page.resets == 0 && page.isUp)
      #expect(page["reflexive_store_tail_id{store=\"evidence\"}"] == 502)
    }

    @Test(arguments: [
      ("DELETE FROM evidence;", "truncated"),
      ("DELETE FROM evidence WHERE id = 5;", "recreated"),
    ])
    func idsUsedAgainAreAResetThatIsSaid(deletion: String, reason: String) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.execute(
        """
        DROP TABLE evidence;
        CREATE TABLE evidence (id INTEGER PRIMARY KEY, event TEXT, payload TEXT, ts TEXT);
        """)
      try table.recordExecutions("old", [0.5, 0.5, 0.5, 0.5, 0.5])
      let exporter = try await Exporter.follow(table.path)
      try table.execute(
        """
        BEGIN; \(deletion)
        INSERT INTO evidence (event, payload, ts) VALUES ('metacognitive_agent_execution',
          '{"agent": "new", "output_quality": 0.5}', '2026-01-01T00:00:00'); COMMIT;
        """)
      let page = try await exporter.page("the new row is counted") { $0.executions("new") == 1 }
      #expect(page.resets(reason) == 1 && page.resets == 1)
      #expect(page.isUp)
      #expect(try exporter.log.contains("reason=\(reason)"))
      #expect(try exporter.differences(from: table.path) == "")
    }
  }
}
