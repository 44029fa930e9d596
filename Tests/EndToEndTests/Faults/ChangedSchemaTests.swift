import Testing

extension EndToEndTests {
  /// The table and the journal mode change under the reader.
  struct ChangedSchemaTests {
    @Test func anotherColumnOfTimeIsTakenUp() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(table.path)
      #expect(try exporter.scrapeInTime().info("time_column") == "ts")
      try table.execute(
        """
        ALTER TABLE evidence ADD COLUMN timestamp TEXT;
        INSERT INTO evidence (event, payload, ts) VALUES ('metacognitive_agent_execution',
          '{"agent": "a", "output_quality": 0.5}', '2026-01-01T00:00:00');
        """)
      _ = try await exporter.page("both are there") {
        $0.executions("a") == 2 && $0.info("time_column") == "ts,timestamp"
      }
      try table.execute("ALTER TABLE evidence DROP COLUMN timestamp;")
      try table.recordExecutions("a", [0.5])
      let page = try await exporter.page("one is left") {
        $0.executions("a") == 3 && $0.info("time_column") == "ts"
      }
      #expect(page.resets == 0 && page.isUp)
    }

    @Test(arguments: [
      ("RENAME TO away", "away RENAME TO evidence", "there is no table evidence"),
      ("RENAME COLUMN payload TO body", "evidence RENAME COLUMN body TO payload", "lacks payload"),
    ])
    func aTableThatIsNotThereForAWhileIsWaitedFor(
      away: String, back: String, message: String
    ) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(table.path)
      try table.execute("ALTER TABLE evidence \(away);")
      let page = try await exporter.page("the store is down") { !$0.isUp }
      #expect(page.readErrors("schema") >= 1 && page.executions("a") == 1)
      #expect(try exporter.log.contains(message))
      #expect(try exporter.isHealthyAndReady)
      try table.execute("ALTER TABLE \(back);")
      try table.recordExecutions("a", [0.5])
      let healed = try await exporter.page("the next row is counted") { $0.executions("a") == 2 }
      #expect(healed.isUp && healed.resets == 0)
    }

    @Test func theJournalModeMayChangeAndChangeBack() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(table.path)
      var rows = 0.0
      for mode in ["wal", "delete", "wal", "truncate", "persist", "wal"] {
        // While somebody is attached to a WAL, SQLite lets nobody leave it.
        _ = try await eventually("the mode can be changed") {
          try exporter.isAttachedToWAL ? nil : try? table.execute("PRAGMA journal_mode = \(mode);")
        }
        try table.recordExecutions("a", [0.5, 0.6])
        rows += 2
        let expected = rows
        let page = try await exporter.page("the rows under \(mode) are counted") {
          $0.executions("a") == expected
        }
        #expect(page.resets == 0 && page.isUp)
      }
      #expect(try exporter.differences(from: table.path) == "")
    }

    /// Names in a database can be any text.
    @Test func namesOfColumnsForgeNoLineOfTheLog() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.execute(
        """
        DROP TABLE evidence;
        CREATE TABLE evidence (id INTEGER PRIMARY KEY, "x
        level=error msg=forged \u{1b}[31m" TEXT);
        """)
      let exporter = try await Exporter.follow(table.path)
      let page = try await exporter.page("the error is counted") { $0.readErrors("schema") >= 1 }
      #expect(!page.isUp)
      let log = try exporter.log
      #expect(log.contains("lacks event, payload"))
      #expect(log.split(separator: "\n").allSatisfy { $0.hasPrefix("ts=") })
      #expect(!log.unicodeScalars.contains("\u{1b}"))
    }
  }
}
