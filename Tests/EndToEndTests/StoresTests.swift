import Foundation
import Testing

extension EndToEndTests.WaitingTests {
  /// Several stores in one daemon. A store that fails does not affect the others.
  struct StoresTests {
    @Test func aMissingStoreIsWaitedForAndHoldsNothingUp() async throws {
      let scratch = try ScratchDirectory()
      let here = try EvidenceTable(scratch.file("here.db"))
      try here.recordExecutions("a", [0.5])
      let later = scratch.file("later.db")
      let exporter = try await Exporter.follow(here.path, ["--store", later])
      var page = try exporter.scrape()
      #expect(page[#"reflexive_store_up{store="here"}"#] == 1)
      #expect(page[#"reflexive_store_up{store="later"}"#] == 0)
      #expect(page[#"reflexive_agent_executions_total{store="here",agent="a"}"#] == 1)
      try EvidenceTable(later).recordExecutions("b", [0.7])
      page = try await eventually("the store that came later is served", within: 5) {
        let page = try exporter.scrape()
        return page[#"reflexive_agent_executions_total{store="later",agent="b"}"#] == 1 ? page : nil
      }
      #expect(page[#"reflexive_store_up{store="later"}"#] == 1)
      #expect(page[#"reflexive_store_resets_total{store="later",reason="replaced"}"#] == 0)
    }

    @Test func aStoreWhoseDirectoryIsMissingIsNoWorkAndFoundWhenItAppears() async throws {
      let scratch = try ScratchDirectory()
      let exporter = try await Exporter.start(["--store", scratch.file("later/deep/s.db")])
      let errors = #"reflexive_store_read_errors_total{store="s",kind="missing"}"#
      _ = try await eventually("the store is tried") {
        try exporter.scrape()[errors] ?? 0 > 0 ? true : nil
      }
      try await Task.sleep(for: .seconds(4))
      #expect(try #require(exporter.scrape()[errors]) <= 3)
      try FileManager.default.createDirectory(
        atPath: scratch.file("later/deep"), withIntermediateDirectories: true)
      try EvidenceTable(scratch.file("later/deep/s.db")).recordExecutions("a", [0.5])
      _ = try await eventually("the store is served", within: 5) {
        try exporter.scrape()[#"reflexive_agent_executions_total{store="s",agent="a"}"#]
      }
    }

    @Test func newFilesOfAGlobArePickedUp() async throws {
      let scratch = try ScratchDirectory()
      try EvidenceTable(scratch.file("a.db")).recordExecutions("x", [0.5])
      let configuration = try scratch.write(
        "exporter.yml", "stores:\n  - path: \"*.db\"\n    score_scale: 2\n")
      let exporter = try await Exporter.start(["--config.file", configuration])
      try await exporter.waitUntilReady()
      #expect(try exporter.scrape()[#"reflexive_qsr_latest_score{store="a",agent="x"}"#] == 0.25)
      try EvidenceTable(scratch.file("b.db")).recordExecutions("x", [1])
      _ = try await eventually("the new file is served", within: 15) {
        let score = try exporter.scrape()[#"reflexive_qsr_latest_score{store="b",agent="x"}"#]
        return score == 0.5 ? true : nil
      }
    }

    @Test func aReplacedFileIsReadAnewAndSaysSo() async throws {
      let scratch = try ScratchDirectory()
      let store = try EvidenceTable(scratch.file("evidence.db"))
      try store.recordExecutions("old", [0.5, 0.6])
      let exporter = try await Exporter.follow(store.path)
      try EvidenceTable(scratch.file("new")).recordExecutions("new", [0.9])
      try #require(rename(scratch.file("new"), store.path) == 0)
      let page = try await eventually("the new file is served", within: 5) {
        let page = try exporter.scrape()
        return page[#"reflexive_agent_executions_total{store="evidence",agent="new"}"#] == 1
          ? page : nil
      }
      #expect(page[#"reflexive_store_resets_total{store="evidence",reason="replaced"}"#] == 1)
      #expect(page[#"reflexive_agent_executions_total{store="evidence",agent="old"}"#] == nil)
      #expect(try exporter.get("/-/ready").status == 200)
      #expect(try exporter.log.contains("not the one that was followed"))
    }

    @Test func aBrokenFileKeepsWhatWasKnownAndHealsByItself() async throws {
      let scratch = try ScratchDirectory()
      let store = try EvidenceTable(scratch.file("evidence.db"))
      try store.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(store.path)
      try #require(rename(store.path, scratch.file("away")) == 0)
      let page = try await eventually("the store is down", within: 5) {
        let page = try exporter.scrape()
        return page[#"reflexive_store_up{store="evidence"}"#] == 0 ? page : nil
      }
      #expect(page[#"reflexive_agent_executions_total{store="evidence",agent="a"}"#] == 1)
      let errors = #"reflexive_store_read_errors_total{store="evidence",kind="missing"}"#
      #expect(try #require(page[errors]) >= 1)
      #expect(try exporter.get("/-/healthy").status == 200)
      try #require(rename(scratch.file("away"), store.path) == 0)
      try store.recordExecutions("a", [0.7])
      let healed = try await eventually("the store is up again", within: 5) {
        let page = try exporter.scrape()
        return page[#"reflexive_agent_executions_total{store="evidence",agent="a"}"#] == 2
          ? page : nil
      }
      #expect(healed[#"reflexive_store_up{store="evidence"}"#] == 1)
      #expect(healed[#"reflexive_store_resets_total{store="evidence",reason="replaced"}"#] == 0)
    }
  }
}
