import Foundation
import Testing

extension EndToEndTests {
  /// A process has an exclusive lock, or holds a transaction open.
  struct LockedFileTests {
    @Test func anExclusiveLockDelaysRowsAndNothingElse() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(table.path)
      let writer = try Writer(table.path)
      try writer.execute("BEGIN EXCLUSIVE")
      try writer.insertExecutions("a", count: 1)
      let page = try await exporter.page("failed reads are counted") {
        $0.readErrors("locked") >= 2
      }
      #expect(page.executions("a") == 1)
      // Locks usually pass: the store is down only if one lasts.
      #expect(page.isUp)
      #expect(try exporter.isHealthyAndReady)
      try writer.execute("COMMIT")
      let after = try await exporter.page("the row is counted") { $0.executions("a") == 2 }
      #expect(after.resets == 0)
    }

    @Test func aStoreThatIsLockedAtTheStartIsReadOnceItCanBe() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let writer = try Writer(table.path)
      try writer.execute("BEGIN EXCLUSIVE")
      let exporter = try await Exporter.follow(table.path)
      let page = try await exporter.page("failed reads are counted") {
        $0.readErrors("locked") >= 1
      }
      #expect(page.executions("a") == nil)
      try writer.execute("ROLLBACK")
      _ = try await exporter.page("the row is counted") { $0.isUp && $0.executions("a") == 1 }
    }

    /// So many rows that they exceed the writer's cache and reach the file before the commit.
    @Test(arguments: ["delete", "wal"], ["COMMIT", "ROLLBACK"])
    func rowsCountWithTheirCommitAndNotBefore(journal: String, end: String) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: journal)
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(table.path)
      let writer = try Writer(table.path)
      try writer.execute("PRAGMA cache_size=1\nBEGIN IMMEDIATE")
      try writer.insertExecutions("a", count: 5000)
      let before = try exporter.scrapeInTime()
      let size =
        try FileManager.default.attributesOfItem(
          atPath: table.path + (journal == "wal" ? "-wal" : ""))[.size] as? Int
      #expect(try #require(size) > 100_000)
      // By now the exporter has looked at the store again, more than once.
      let requests = #"process_cpu_seconds_total"#
      let page = try await exporter.page("the exporter has worked") {
        $0[requests] ?? 0 > (before[requests] ?? 0) + 0.05
      }
      #expect(page.executions("a") == 1)
      try writer.execute(end)
      try table.recordExecutions("a", [0.5])
      let rows = end == "COMMIT" ? 5002.0 : 2
      let after = try await exporter.page("what was committed is counted") {
        $0.executions("a") == rows
      }
      #expect(after.resets == 0 && after.isUp)
      #expect(try exporter.differences(from: table.path) == "")
    }
  }
}
