import Foundation
import Testing

extension EndToEndTests {
  /// A state directory that is full or read-only costs nothing but state.
  @Suite(.enabled(if: Rights.isRoot, Rights.reason))
  struct StateDiskTests {
    private let executions = #"reflexive_agent_executions_total{store="evidence",agent="a"}"#

    /// A checkpoint that cannot be written leaves the last one in place, so no row is lost.
    @Test func onAFullDiskTheLastCheckpointStays() async throws {
      let scratch = try ScratchDirectory()
      let disk = try SmallDisk(scratch)
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5, 0.6])
      let first = try await follow(table, on: disk)
      #expect(first.stop() == 0)
      try table.execute("DELETE FROM evidence;")
      let kept = try disk.files()
      #expect(kept.count == 2)

      try disk.fill()
      try table.recordExecutions("a", [0.7])
      let second = try await follow(table, on: disk)
      #expect(try second.scrape()[executions] == 3)
      #expect(second.stop() == 0)
      #expect(try second.log.contains("the checkpoint cannot be written"))
      #expect(try second.log.contains("No space left on device"))
      #expect(try Set(disk.files()) == Set(kept + ["filler"]))

      try disk.free()
      let third = try await follow(table, on: disk)
      #expect(try third.scrape()[executions] == 3)
      #expect(third.stop() == 0)
      #expect(try !third.log.contains("level=warning"))
    }

    @Test func onAReadOnlyDiskEvidenceIsServedWithoutState() async throws {
      let scratch = try ScratchDirectory()
      let disk = try SmallDisk(scratch)
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5, 0.6])
      try disk.remount("ro")
      let exporter = try await follow(table, on: disk)
      #expect(try exporter.scrape()[executions] == 2)
      #expect(try exporter.log.contains("no state is kept"))
      #expect(try exporter.log.contains("Read-only file system"))
      #expect(exporter.stop() == 0)
    }

    private func follow(_ table: EvidenceTable, on disk: SmallDisk) async throws -> Exporter {
      let exporter = try await Exporter.start(
        ["serve", "--store", table.path, "--state.path", disk.path],
        by: disk.inside + [Paths.exporter])
      try await exporter.waitUntilReady()
      return exporter
    }
  }
}
