import Foundation
import Testing

extension EndToEndTests {
  /// `kill -9` at any moment, also while a checkpoint is written, while writers keep writing.
  struct KilledDaemonTests {
    @Test func countersEqualTheRowsAfterThirtyKills() async throws {
      async let journal: Void = expectRightCountersAfterThirtyKills(journal: "delete")
      try await expectRightCountersAfterThirtyKills(journal: "wal")
      try await journal
    }

    private func expectRightCountersAfterThirtyKills(journal: String) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: journal)
      let arguments = ["serve", "--store", table.path, "--state.path", scratch.file("state")]
      let storm = try Storm(table.path)
      var resumptions = 0
      for life in 0..<15 {
        try await killStarting(arguments)
        let state = life % 7 == 3 ? scratch.file("state") : nil
        resumptions += try await killServing(arguments, afterCheckpointIn: state)
      }
      let rows = Double(try storm.end())
      let exporter = try await Exporter.start(arguments)
      try await exporter.waitUntilReady()
      let page = try await exporter.page("all rows are counted") { $0.rows >= rows }
      #expect(page.rows == rows)
      #expect(page.resets == 0 && page.isUp)
      #expect(try exporter.differences(from: table.path) == "")
      #expect(resumptions > 0)
      #expect(try exporter.log.contains("resumed from a checkpoint"))
    }

    private func checkpointTime(_ state: String) throws -> Date? {
      let files = try FileManager.default.contentsOfDirectory(atPath: state)
      guard let file = files.first(where: { $0.hasSuffix(".checkpoint") }) else { return nil }
      return try FileManager.default.attributesOfItem(atPath: state + "/" + file)[
        .modificationDate] as? Date
    }

    private func killStarting(_ arguments: [String]) async throws {
      let scratch = try ScratchDirectory()
      let process = try Exporter.Launch(arguments: arguments).run(log: scratch.writing("log"))
      try await Task.sleep(for: .milliseconds(Int.random(in: 0..<250)))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }

    /// - Returns: 1 if it resumed from the checkpoint of the last one, else 0.
    private func killServing(
      _ arguments: [String], afterCheckpointIn state: String?
    ) async throws -> Int {
      let exporter = try await Exporter.start(arguments)
      if let state {
        let before = try checkpointTime(state)
        _ = try await eventually("another checkpoint is written") {
          try checkpointTime(state) != before ? true : nil
        }
      }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0..<250)))
      exporter.stop(SIGKILL)
      let log = try exporter.log
      #expect(!log.contains("the checkpoint is not used"), "\(log)")
      return log.contains("resumed from a checkpoint") ? 1 : 0
    }
  }
}
