import Foundation
import Testing

extension EndToEndTests {
  struct RestartTests {
    @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
    func everyCounterIsTheSameAfterARestart(signal: Int32) async throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("evidence.db")
      try seed(store, count: 300)
      let first = try await Exporter.follow(store)
      let before = try first.scrape().evidence
      let status = first.stop(signal)
      #expect(status == (signal == SIGKILL ? SIGKILL : 0))
      let second = try await Exporter.follow(store)
      #expect(!before.isEmpty)
      #expect(try second.scrape().evidence == before)
    }

    @Test(arguments: [SIGTERM, SIGKILL])
    func prunedRowsStayCountedOverARestart(signal: Int32) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5, 0.6, 0.7])
      let state = ["--state.path", scratch.file("state")]
      let first = try await Exporter.follow(table.path, state)
      let before = try first.scrape().evidence
      if signal == SIGKILL {
        _ = try await eventually("a checkpoint is there") { try first.checkpoints(state[1]).first }
      }
      first.stop(signal)
      try table.execute("DELETE FROM evidence;")
      let second = try await Exporter.follow(table.path, state)
      #expect(try second.scrape().evidence == before)
      try table.recordExecutions("a", [0.8])
      _ = try await eventually("the new row is counted") {
        try second.scrape()[#"reflexive_agent_executions_total{store="evidence",agent="a"}"#] == 4
          ? true : nil
      }
    }

    @Test func aSecondDaemonOnTheSameStateServesWithoutIt() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5, 0.6, 0.7])
      let state = ["--state.path", scratch.file("state")]
      let first = try await Exporter.follow(table.path, state)
      let second = try await Exporter.follow(table.path, state)
      #expect(try second.log.contains("in use by another daemon"))
      #expect(try !first.log.contains("in use by another daemon"))
      #expect(try second.scrape().evidence == first.scrape().evidence)
    }

    @Test func withoutAPlaceForStateEvidenceIsServedAllTheSame() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(table.path, ["--state.path", "/proc/nowhere"])
      #expect(
        try exporter.log.split(separator: "\n").count { $0.contains("no state is kept") } == 1)
      #expect(try !exporter.scrape().evidence.isEmpty)
    }

    @Test func theStandardPlaceForStateIsTheUsers() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.start(
        ["--store", table.path],
        environment: [
          "REFLEXIVE_EXPORTER_STATE_PATH": "", "STATE_DIRECTORY": "",
          "XDG_STATE_HOME": scratch.file("xdg"),
        ])
      try await exporter.waitUntilReady()
      #expect(exporter.stop() == 0)
      #expect(try exporter.checkpoints(scratch.file("xdg/reflexive-exporter")).count == 1)
    }

    @Test func noPageIsServedHalfRebuilt() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.execute(
        """
        WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 100000)
        INSERT INTO evidence (event, payload, ts) SELECT 'metacognitive_agent_execution',
          '{"agent": "a", "output_quality": 0.5}', '2026-01-01T00:00:00' FROM counter;
        """)
      let exporter = try await Exporter.start(["serve", "--store", table.path])
      var seen: Set<Double?> = []
      var wasReady = false
      while !wasReady {
        wasReady = try exporter.get("/-/ready").status == 200
        seen.insert(
          try exporter.scrape()[
            #"reflexive_agent_executions_total{store="evidence",agent="a"}"#])
      }
      #expect(seen.subtracting([nil]) == [100_000])
    }

    @Test func aScrapeUnderWayIsAnsweredWhole() async throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("evidence.db")
      try seed(store, count: 100)
      let exporter = try await Exporter.follow(store)
      let url = exporter.url + "/metrics"
      async let answers = withThrowingTaskGroup(of: Exporter.Answer?.self) { group in
        for _ in 0..<20 { group.addTask { try? Exporter.get(url) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try await Task.sleep(for: .milliseconds(30))
      let start = ContinuousClock.now
      #expect(exporter.stop(SIGTERM) == 0)
      #expect(start.duration(to: .now) < .seconds(5))
      for answer in try await answers.compactMap({ $0 }) {
        #expect(answer.status == 200)
        #expect(answer.body.contains("process_start_time_seconds"))
      }
    }

    private func seed(_ store: String, count: Int) throws {
      let writer = try Tool.python(
        "seed_writer.py", [store, "--count", "\(count)", "--rate", "0", "--journal", "wal"])
      try #require(writer.status == 0, "\(writer.errors)")
    }
  }
}
