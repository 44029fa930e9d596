import Testing

extension EndToEndTests {
  /// Clients that take more than is theirs, one situation a test; a scrape beside them is always
  /// answered.
  struct LimitsTests {
    /// Runs one of the scripts against an exporter, which goes on and ends as it should.
    private func run(
      _ script: String, _ arguments: [String] = [], prepare: (Exporter) throws -> Void = { _ in }
    ) async throws -> Exporter {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      try prepare(exporter)
      let tool = try Tool.python(script, [exporter.url] + arguments)
      #expect(tool.status == 0, "\(script): \(tool.output)\(tool.errors)")
      #expect(try exporter.get("/-/healthy").status == 200)
      return exporter
    }

    @Test func tenThousandIdleConnectionsLockNobodyOut() async throws {
      let exporter = try await run("idle_connections.py", ["10000"])
      let warnings = try exporter.log.matches(of: /more connections than are held at once/)
      #expect((1...3).contains(warnings.count))
      #expect(exporter.stop() == 0)
    }

    @Test func fiveHundredScrapesAtOnceAreAllAnswered() async throws {
      #expect(try await run("many_scrapes.py", ["500"]).stop() == 0)
    }

    @Test func slowClientsAreClosed() async throws {
      #expect(try await run("slow_clients.py").stop() == 0)
    }

    @Test func oddRequestsGetSaneAnswers() async throws {
      #expect(try await run("odd_requests.py").stop() == 0)
    }

    @Test func slowAttacksDelayNoScrape() async throws {
      #expect(try await run("attack.py", ["--seconds", "4"]).stop() == 0)
    }
  }
}
