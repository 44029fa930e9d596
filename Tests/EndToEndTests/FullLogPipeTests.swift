import Foundation
import Testing

extension EndToEndTests {
  struct FullLogPipeTests {
    /// Twenty thousand lines of debug log into a pipe that nobody reads.
    @Test func aLogThatNobodyReadsStopsNothing() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.execute(
        """
        WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 20000)
        INSERT INTO evidence (event, payload, ts) SELECT 'x', 'not JSON', '2026-01-01T00:00:00'
          FROM counter;
        """)
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
      // The first lines fit into the pipe; only the address is taken out of it.
      var lines = ""
      while !lines.contains("msg=listening") {
        lines += String(decoding: log.fileHandleForReading.availableData, as: UTF8.self)
      }
      let match = try #require(lines.firstMatch(of: /msg=listening url=(http:\/\/[^\s]+)/))
      let url = String(match.1)
      _ = try await eventually("all rows are counted") {
        let page = Page(try Exporter.get(url).body)
        let rows = page[#"reflexive_evidence_rows_total{store="evidence",event="x"}"#]
        return rows == 20_000 ? true : nil
      }
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }
}
