import Testing

extension EndToEndTests {
  struct IdleConnectionsTests {
    /// Connections that are silent, that sent half a head, and that have had their answer.
    @Test func tenThousandIdleConnectionsLockNobodyOut() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      try exporter.withstands("idle_connections.py", ["10000"])
      let warnings = try exporter.log.matches(of: /too many connections/)
      #expect((1...3).contains(warnings.count))
      #expect(exporter.stop() == 0)
    }
  }
}
