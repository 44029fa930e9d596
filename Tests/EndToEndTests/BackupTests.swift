import Foundation
import Testing

extension EndToEndTests {
  /// `backup`, beside real writers. BACKUP_SECONDS and BACKUP_KILLS make it longer.
  struct BackupTests {
    private static func setting(_ name: String, _ usual: Int) -> String {
      ProcessInfo.processInfo.environment[name] ?? String(usual)
    }

    private func run(_ arguments: [String]) throws -> Tool {
      try Tool.run(Paths.exporter, ["backup"] + arguments)
    }

    @Test(arguments: ["delete", "wal"])
    func noWriteFailsAndEveryCopyIsAPrefixWhoeverIsKilled(mode: String) throws {
      let tool = try Tool.python(
        "backup_run.py",
        [
          Paths.exporter, mode, Self.setting("BACKUP_SECONDS", 1), Self.setting("BACKUP_KILLS", 3),
        ])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    @Test func aLargeTableIsCopiedInTimeBesideAWriterThatIsHardlyEverIdle() throws {
      let tool = try Tool.python("backup_beside_transactions.py", [Paths.exporter])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    @Test func aWALIsCopiedThoughItsWriterWasKilled() throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("team.db")
      let writer = """
        import os, sqlite3, sys
        connection = sqlite3.connect(sys.argv[1])
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, ts)")
        connection.execute("INSERT INTO evidence VALUES (1, 'note', '{}', 'now')")
        connection.commit()
        os._exit(0)
        """
      #expect(try Tool.run("/usr/bin/python3", ["-c", writer, store]).status == 0)
      let made = try run(["--store", store, "--output", scratch.file("copy.db")])
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.contains("1 row, ids 1 to 1"))
    }

    @Test func aCopyIsMadeVerifiedAndServed() async throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("team.db")
      #expect(try Tool.run(Paths.exporter, ["init", store]).status == 0)
      let writer = try Writer(store)
      try writer.insertExecutions("a", count: 20)
      let made = try run(["--store", store, "--output-dir", scratch.path, "--keep", "1"])
      #expect(made.status == 0, "\(made.errors)")
      let copy = try #require(made.output.split(separator: ":").first.map(String.init))
      #expect(copy.contains(/team-\d{8}T\d{6}Z\.db$/))
      #expect(made.output.contains("20 rows, ids 1 to 20"))
      let verified = try run(["verify", copy])
      #expect(verified.status == 0 && verified.output.contains("good, 20 rows"))
      let exporter = try await Exporter.follow(copy)
      #expect(
        try exporter.scrape().samples.contains {
          $0.key.hasPrefix("reflexive_agent_executions_total") && $0.value == 20
        })
      try Data("x".utf8).write(to: URL(fileURLWithPath: copy))
      let spoiled = try run(["verify", copy])
      #expect(spoiled.status == 1 && spoiled.errors.contains("sha256"))
      #expect(try run(["verify", store]).status == 1)
      let misplaced = try run(["--store", store, "--output", store + "-wal"])
      #expect(misplaced.status == 2 && misplaced.errors.contains("belongs to the database"))
    }

    @Test(arguments: [
      ([], 2, "no store"), (["--store", "/no.db"], 2, "give either"),
      (["--store", "/no.db", "--output", "a", "--output-dir", "b"], 2, "give either"),
      (["--store", "/no.db", "--output", "a", "--keep", "1"], 2, "--keep needs"),
      (["--store", "/no.db", "--output-dir", "b", "--keep", "0"], 2, #"--keep: "0""#),
      (["--store", "/no.db", "--output", "/tmp/a.db"], 1, "/no.db: No such file"),
      (["--store", "/no.db", "--output-dir", ""], 2, #""" is not allowed"#),
      (["--store", "/no.db", "--output", ""], 2, #""" is not allowed"#),
      (["--store", "", "--output", "a"], 2, #"--store: "" is not allowed"#),
      (["verify"], 2, "Missing"), (["verify", "/no.db"], 1, "no manifest"),
    ])
    func misuseIsExitCode2AndFailureIs1(arguments: [String], status: Int32, text: String) throws {
      let tool = try run(arguments)
      #expect(tool.status == status)
      #expect(tool.errors.contains(text), "\(tool.errors)")
      #expect(tool.errors.split(separator: "\n").count == 1)
    }
  }
}
