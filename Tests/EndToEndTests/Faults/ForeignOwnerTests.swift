import Foundation
import Testing

extension EndToEndTests {
  /// The exporter runs as another user, who cannot write to any directory here.
  @Suite(.enabled(if: Rights.isRoot, Rights.reason))
  struct ForeignOwnerTests {
    private let nobody = Rights.user(65534, group: 65534)

    @Test func aWALInADirectoryThatCannotBeWrittenIsFollowed() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: "wal")
      let writer = try Writer(table.path)
      try writer.insertExecutions("a", count: 2)
      let exporter = try await Exporter.start(["serve", "--store", table.path], by: nobody)
      try await exporter.waitUntilReady()
      #expect(try exporter.scrapeInTime().executions("a") == 2)
      try writer.insertExecutions("a", count: 3)
      let page = try await exporter.page("the new rows are counted") { $0.executions("a") == 5 }
      #expect(page.isUp && page.resets == 0)
      #expect(try owners(scratch) == [0])
    }

    /// If it could write, SQLite would make a `-shm` of its own and lock the writers out.
    @Test(arguments: [0o755, 0o777])
    func aWALThatNobodyHasOpenIsLeftAloneUntilAWriterComes(mode: Int) async throws {
      let scratch = try ScratchDirectory()
      let original = try EvidenceTable(scratch.file("original"), journal: "wal")
      let keeper = try Writer(original.path)
      try keeper.insertExecutions("a", count: 2)
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: original.path + suffix, toPath: scratch.file("evidence.db" + suffix))
      }
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scratch.path)
      let path = scratch.file("evidence.db")
      let exporter = try await Exporter.start(["serve", "--store", path], by: nobody)
      try await exporter.waitUntilReady()
      let page = try await exporter.page("it is said") { $0.readErrors("permission") >= 1 }
      #expect(!page.isUp && page.executions("a") == nil)
      #expect(try exporter.log.contains("run the exporter as user 0, who owns the database"))
      let writer = try Writer(path)
      try writer.insertExecutions("a", count: 1)
      _ = try await exporter.page("all rows are counted") { $0.isUp && $0.executions("a") == 3 }
      try writer.insertExecutions("a", count: 1)
      #expect(try owners(scratch) == [0])
    }

    @Test func aFileThatMayNotBeReadIsSaidToBeThat() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      try #require(chmod(table.path, 0o600) == 0)
      let exporter = try await Exporter.start(["serve", "--store", table.path], by: nobody)
      try await exporter.waitUntilReady()
      let page = try await exporter.page("it is said") { $0.readErrors("permission") >= 1 }
      #expect(!page.isUp)
      try #require(chmod(table.path, 0o644) == 0)
      _ = try await exporter.page("it is read") { $0.isUp && $0.executions("a") == 1 }
    }

    private func owners(_ scratch: ScratchDirectory) throws -> Set<Int?> {
      Set(
        try FileManager.default.contentsOfDirectory(atPath: scratch.path).map { name in
          try FileManager.default.attributesOfItem(atPath: scratch.file(name))[.ownerAccountID]
            as? Int
        })
    }
  }
}
