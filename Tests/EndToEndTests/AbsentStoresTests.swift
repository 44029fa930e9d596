import Foundation
import Testing

extension EndToEndTests.WaitingTests {
  /// Evidence that is not followed is never absent in silence.
  struct AbsentStoresTests {
    private func checkConfig(_ arguments: [String]) throws -> Tool {
      try Tool.run(Paths.exporter, ["check-config"] + arguments)
    }

    @Test func aGlobThatFindsNoFileIsAMetricAWarningAndOneLineInTheLog() async throws {
      let scratch = try ScratchDirectory()
      let glob = scratch.file("*.db")
      let check = try checkConfig(["--store", glob])
      #expect(check.status == 0)
      #expect(check.errors == "warning: the glob \"\(glob)\" finds no file\n")

      let exporter = try await Exporter.start(["--store", glob])
      let stores = "reflexive_discovery_stores{path=\"\(glob)\"}"
      let page = try exporter.scrape()
      #expect(page[stores] == 0)
      #expect(page["reflexive_discovery_conflicts{path=\"\(glob)\"}"] == 0)
      #expect(try exporter.log.contains("level=warning msg=\"a glob finds no file\" path=\(glob)"))

      try EvidenceTable(scratch.file("a.db")).recordExecutions("x", [0.5])
      _ = try await eventually("the file is found", within: 15) {
        try exporter.scrape()[stores] == 1 ? true : nil
      }
      try FileManager.default.removeItem(atPath: scratch.file("a.db"))
      let gone = try await eventually("the glob finds nothing again", within: 15) {
        let page = try exporter.scrape()
        return page[stores] == 0 ? page : nil
      }
      #expect(gone[#"reflexive_store_up{store="a"}"#] == 0)
    }

    @Test func aFileWhoseNameIsTakenIsAMetricAndExitCode2() async throws {
      let scratch = try ScratchDirectory()
      for team in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: scratch.file(team), withIntermediateDirectories: false)
        try EvidenceTable(scratch.file(team + "/evidence.db")).recordExecutions(team, [0.5])
      }
      let file = try scratch.write("exporter.yml", "stores: [{path: a/*.db}, {path: b/*.db}]\n")
      let check = try checkConfig(["--config.file", file])
      #expect(check.status == 2)
      #expect(check.errors.contains("the name \"evidence\" is taken"), "\(check.errors)")
      #expect(!check.output.contains("good"))

      let page = try await Exporter.start(["--config.file", file]).scrape()
      #expect(page[#"reflexive_discovery_conflicts{path="a/*.db"}"#] == 0)
      #expect(page[#"reflexive_discovery_conflicts{path="b/*.db"}"#] == 1)
      #expect(page[#"reflexive_discovery_stores{path="a/*.db"}"#] == 1)
      #expect(page[#"reflexive_discovery_stores{path="b/*.db"}"#] == 0)
    }

    @Test(arguments: [
      ["check-config", "--store", "file:/x.db?mode=ro"], ["--store", "file:/x.db?mode=ro"],
      ["init", "file:/x.db?mode=ro"], ["record", "--store", "file:/x.db?mode=ro"],
    ])
    func aURIIsRefusedByEveryCommand(arguments: [String]) throws {
      let tool = try Tool.run(Paths.exporter, arguments)
      #expect(tool.status == 2)
      #expect(
        tool.errors.contains(#""file:/x.db?mode=ro" is not allowed: expected the path"#),
        "\(tool.errors)")
      #expect(tool.errors.split(separator: "\n").count == 1)
    }
  }
}
