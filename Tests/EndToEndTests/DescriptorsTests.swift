import Testing

extension EndToEndTests {
  struct DescriptorsTests {
    /// The limit of connections is made at the start: one that falls later lets accepting fail.
    @Test func withoutDescriptorsTheServerGoesOn() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(table.path)
      let limit = try Tool.run(
        "prlimit", ["--pid", String(exporter.processID), "--nofile=60:60"])
      #expect(limit.status == 0, "\(limit.errors)")
      let crowd = try Tool.python("starved_server.py", [exporter.url, "200"])
      #expect(crowd.status == 0, "\(crowd.output)\(crowd.errors)")
      _ = try await eventually("the store is read again") {
        let page = try exporter.scrape()
        return page[#"reflexive_store_up{store="evidence"}"#] == 1 ? true : nil
      }
      #expect(exporter.stop() == 0)
    }

    @Test(arguments: [64, 128]) func fewDescriptorsAreEnough(descriptors: Int) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(
        table.path, under: ["prlimit", "--nofile=\(descriptors):\(descriptors)"])
      let tool = try Tool.python("idle_connections.py", [exporter.url, "500"])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      #expect(try exporter.scrape()[#"reflexive_store_up{store="evidence"}"#] == 1)
      #expect(exporter.stop() == 0)
    }
  }
}
