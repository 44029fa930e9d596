import Foundation
import Testing

extension EndToEndTests {
  /// `kill -9` of a writer in the middle of a transaction of which half is in the file.
  struct DeadWriterTests {
    @Test func itsRowsAreNeverCountedBesideARollbackJournal() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5, 0.6])
      let exporter = try await Exporter.follow(table.path)
      try die(table)
      #expect(FileManager.default.fileExists(atPath: table.path + "-journal"))
      let page = try await exporter.page("the store waits for a writer") { !$0.isUp }
      #expect(page.readErrors("recovery") >= 1 && page.executions("a") == 2)
      #expect(try exporter.isHealthyAndReady)
      #expect(try exporter.log.contains("a writer died"))
      // The journal is the writers' to roll back.
      #expect(FileManager.default.fileExists(atPath: table.path + "-journal"))
      try await goOn(table, exporter)
    }

    @Test func itsRowsAreNeverCountedInAWAL() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: "wal")
      let keeper = try Writer(table.path)
      try keeper.insertExecutions("a", count: 2)
      let exporter = try await Exporter.follow(table.path)
      try die(table)
      keeper.kill()
      #expect(try exporter.scrapeInTime().executions("a") == 2)
      try await goOn(table, exporter)
    }

    @Test(arguments: ["delete", "wal"])
    func aStartBesideADeadWriterCountsWhatWasCommitted(journal: String) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: journal)
      try table.recordExecutions("a", [0.5, 0.6])
      try die(table)
      let exporter = try await Exporter.follow(table.path)
      let counted = try exporter.scrapeInTime().executions("a")
      #expect(counted == (journal == "wal" ? 2 : nil))
      try await goOn(table, exporter)
    }

    private func die(_ table: EvidenceTable) throws {
      let writer = try Writer(table.path)
      try writer.execute("PRAGMA cache_size=1\nBEGIN IMMEDIATE")
      try writer.insertExecutions("a", count: 5000)
      writer.kill()
    }

    /// The next writer repairs the database.
    private func goOn(_ table: EvidenceTable, _ exporter: Exporter) async throws {
      try table.recordExecutions("a", [0.7])
      let page = try await exporter.page("the next row is counted") { $0.executions("a") == 3 }
      #expect(page.isUp && page.resets == 0)
      #expect(try exporter.differences(from: table.path) == "")
    }
  }
}
