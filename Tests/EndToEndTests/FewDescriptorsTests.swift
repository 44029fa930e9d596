import Testing

extension EndToEndTests {
  struct FewDescriptorsTests {
    /// Without descriptors the process would end, so that connections must never take the last.
    @Test(arguments: [32, 64, 128, 300]) func aFloodOfConnectionsLeavesDescriptors(
      descriptors: Int
    ) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(
        table.path, by: ["prlimit", "--nofile=\(descriptors):\(descriptors)", Paths.exporter])
      try exporter.withstands("idle_connections.py", ["3000"])
      #expect(try exporter.scrape()[#"reflexive_store_up{store="evidence"}"#] == 1)
      #expect(exporter.stop() == 0)
    }

    /// Where accept(2) finds no descriptor, the server accepts nothing for a second, again and again.
    @Test(arguments: [32, 64]) func connectionsThatWereClosedHoldUpNoScrape(
      descriptors: Int
    ) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(
        table.path, ["--state.path", scratch.file("state")],
        by: ["prlimit", "--nofile=\(descriptors):\(descriptors)", Paths.exporter])
      for _ in 0..<2 {
        try exporter.withstands("closed_connections.py", ["100", "3"])
        try table.recordExecutions("a", [0.5])
      }
      _ = try await eventually("both commits are visible", within: 5) {
        try exporter.scrape().executions("a") == 2 ? true : nil
      }
    }
  }
}
