import Foundation
import Testing

extension EndToEndTests {
  /// Server-sent events over real sockets.
  struct EventsTests {
    @Test(arguments: [
      ("cut", "wal"), ("cut", "delete"), ("fresh", "wal"), ("fresh", "delete"), ("resync", "wal"),
      ("replaced", "delete"), ("verdicts", "wal"), ("seats", "delete"),
    ])
    func aStreamSaysWhatHappens(case name: String, journal: String) async throws {
      for keepsState in [true, false] where keepsState || ["cut", "resync"].contains(name) {
        let scratch = try ScratchDirectory()
        let table = try EvidenceTable(scratch.file("evidence.db"), journal: journal)
        let exporter = try await Exporter.follow(
          table.path, ["--state.path", keepsState ? scratch.file("state") : "none"])
        try exporter.withstands("events_check.py", [name, table.path])
      }
    }

    /// Rows that are written while the exporter is down are sent when it is back.
    @Test func aStreamGoesOnWhereItWasAfterARestart() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("Planner", [0.5, 0.6, 0.7])
      let state = ["--state.path", scratch.file("state")]
      let first = try await Exporter.follow(table.path, state)
      #expect(try first.get("/api/v1/evidence/3").status == 200)
      first.stop()
      try table.recordExecutions("Planner", [0.8, 0.9])
      let second = try await Exporter.follow(table.path, state)
      let tool = try Tool.run(
        "curl",
        ["-s", "-N", "--max-time", "3", "-H", "Last-Event-ID: 3", second.url + "/api/v1/events"])
      let ids = tool.output.matches(of: /(?m)^id: (\d+)\nevent: evidence$/).map { String($0.1) }
      #expect(ids == ["4", "5"])
    }

    @Test func theExporterEndsWithItsStreams() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(table.path)
      let listener = Process()
      listener.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      listener.arguments = [
        "python3", Paths.python + "/events_check.py", exporter.url, "ended", table.path,
      ]
      listener.standardOutput = try scratch.writing("output")
      try listener.run()
      _ = try await eventually("the stream is open") {
        try scratch.contents("output").contains("listening") ? true : nil
      }
      let start = ContinuousClock.now
      #expect(exporter.stop() == 0)
      #expect(start.duration(to: .now) < .seconds(5))
      listener.waitUntilExit()
      #expect(listener.terminationStatus == 0)
    }
  }
}

extension EndToEndTests.WaitingTests {
  struct QuietStreamTests {
    @Test func aCommentComesEvery15Seconds() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(table.path)
      try exporter.withstands("events_check.py", ["comment", table.path])
    }
  }
}
