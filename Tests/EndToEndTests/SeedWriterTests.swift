import Foundation
import Testing

extension EndToEndTests {
  /// Evidence that the seed agents write while the exporter follows.
  struct SeedWriterTests {
    struct Writer: Sendable, CustomTestStringConvertible {
      var journal: String
      var repair: String
      var options: [String] = []
      var testDescription: String { ([journal, repair] + options).joined(separator: " ") }
    }

    @Test(arguments: [
      Writer(journal: "delete", repair: "insert"), Writer(journal: "delete", repair: "schema"),
      Writer(journal: "wal", repair: "insert"), Writer(journal: "wal", repair: "schema"),
      Writer(journal: "wal", repair: "insert", options: ["--keep-open"]),
    ])
    func everySeriesIsWhatTheTableSays(writer: Writer) async throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("evidence.db")
      let arguments =
        [store, "--journal", writer.journal, "--repair", writer.repair] + writer.options
      try write(arguments + ["--count", "40"])
      let exporter = try await Exporter.follow(store)
      try write(arguments + ["--count", "100", "--rate", "50", "--seed", "7"])
      let rows = #"reflexive_evidence_rows_total{store="evidence",event="quality_gate_evaluation"}"#
      _ = try await eventually("all rows are visible", within: 2) {
        try exporter.scrape()[rows] == 70 ? true : nil
      }
      let comparison = try Tool.python(
        "compare.py", [exporter.url + "/metrics", "--db", store, "--store", "evidence"])
      #expect(comparison.status == 0, "\(comparison.output)\(comparison.errors)")
    }

    /// In rollback-journal mode a reader that holds a lock at the wrong moment costs a record.
    @Test(arguments: ["delete", "wal"])
    func noWriterIsEverLockedOut(journal: String) async throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("evidence.db")
      try write([store, "--journal", journal, "--count", "2"])
      let exporter = try await Exporter.follow(store)
      try write([store, "--journal", journal, "--count", "400", "--rate", "0", "--timeout", "0"])
      _ = try await eventually("all rows are visible", within: 5) {
        let page = try exporter.scrape()
        return page[#"reflexive_store_tail_id{store="evidence"}"#] == 402 ? true : nil
      }
    }

    private func write(_ arguments: [String]) throws {
      let tool = try Tool.python("seed_writer.py", arguments)
      try #require(tool.status == 0, "\(tool.output)\(tool.errors)")
    }
  }
}
