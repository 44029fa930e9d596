import Testing

extension EndToEndTests {
  struct FewDescriptorsTests {
    /// Without descriptors the process would end, so connections must never take the last ones.
    @Test(arguments: [64, 128, 300]) func aFloodOfConnectionsLeavesDescriptors(
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
  }
}
