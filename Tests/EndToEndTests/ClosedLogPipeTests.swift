import Foundation
import Testing

extension EndToEndTests {
  struct ClosedLogPipeTests {
    /// The program that collected the log has ended.
    @Test func aLogThatNobodyTakesStopsNothing() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let log = Pipe()
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Paths.exporter)
      process.arguments = [
        "--store", table.path, "--log.level", "debug", "--web.listen-address", "127.0.0.1:0",
      ]
      process.environment = Tool.environment
      process.standardError = log
      try process.run()
      defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
      var lines = ""
      while !lines.contains("msg=listening") {
        lines += String(decoding: log.fileHandleForReading.availableData, as: UTF8.self)
      }
      let match = try #require(lines.firstMatch(of: /msg=listening url=(http:\/\/[^\s]+)/))
      try log.fileHandleForReading.close()
      try table.record([(event: "x", payload: "not JSON")])
      _ = try await eventually("the row, of which a line is logged, is counted") {
        let page = Page(try Exporter.get(String(match.1)).body)
        return page[#"reflexive_evidence_rows_total{store="evidence",event="x"}"#] == 1 ? true : nil
      }
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 0)
    }
  }
}
