import Foundation
import Testing

extension EndToEndTests {
  /// Under a user who owns nothing of the database, the exporter reads it in either journal mode,
  /// and its writers go on.
  @Suite(.enabled(if: Rights.isRoot, Rights.reason))
  struct OtherUserTests {
    private let agents = 61_001
    private let exporter = 61_002

    /// How the agents use the file between the two scrapes, and what they leave before the first.
    enum Writer: String, CaseIterable {
      case closed, open, killed, reopening
    }

    @Test(arguments: ["delete", "wal"], Writer.allCases)
    func writersGoOnAndNothingIsLeftBeside(journal: String, writer: Writer) async throws {
      let scratch = try ScratchDirectory()
      // Anybody may write here, so only the exporter itself keeps from writing.
      try setOwner(of: scratch.path, mode: 0o777)
      let store = scratch.file("evidence.db")
      let held = Process()
      if writer == .open {
        let lines = Pipe()
        (held.executableURL, held.arguments) = (
          URL(fileURLWithPath: "/usr/bin/env"), command(store, journal, writer)
        )
        held.standardOutput = lines
        try held.run()
        _ = lines.fileHandleForReading.availableData
      } else {
        try write(store, journal, writer)
      }
      defer { if held.isRunning { kill(held.processIdentifier, SIGKILL) } }

      let running = try await Exporter.start(
        ["serve", "--store", store], by: Rights.user(exporter, group: exporter))
      try await running.waitUntilReady()
      let executions = #"reflexive_agent_executions_total{store="evidence",agent="a"}"#
      #expect(try running.scrape()[executions] == 20)
      try write(store, journal, writer == .reopening ? .reopening : .closed)
      _ = try await eventually("the new rows are counted") {
        try running.scrape()[executions] == 40 ? true : nil
      }
      #expect(try ownersOfFiles(in: scratch.path) == [UInt32(agents)])
      #expect(running.stop() == 0)
      try write(store, journal, .closed)
      #expect(try ownersOfFiles(in: scratch.path) == [UInt32(agents)])
    }

    /// The exporter would have to make the `-shm`, and would own it.
    @Test func aWALWithoutItsIndexIsLeftAloneAndReadOnceAWriterIsBack() async throws {
      let scratch = try ScratchDirectory()
      try setOwner(of: scratch.path, mode: 0o777)
      let store = scratch.file("evidence.db")
      try write(store, "wal", .killed)
      try FileManager.default.removeItem(atPath: store + "-shm")
      let running = try await Exporter.start(
        ["serve", "--store", store], by: Rights.user(exporter, group: exporter))
      let up = #"reflexive_store_up{store="evidence"}"#
      let errors = #"reflexive_store_read_errors_total{store="evidence",kind="permission"}"#
      _ = try await eventually("it is said that the store cannot be read") {
        let page = try running.scrape()
        return page[up] == 0 && (page[errors] ?? 0) > 0 ? true : nil
      }
      #expect(try running.log.contains("would lock its writers out"))
      #expect(!FileManager.default.fileExists(atPath: store + "-shm"))
      try write(store, "wal", .closed)
      _ = try await eventually("it heals") {
        try running.scrape()[#"reflexive_agent_executions_total{store="evidence",agent="a"}"#] == 40
          ? true : nil
      }
      #expect(try ownersOfFiles(in: scratch.path) == [UInt32(agents)])
    }

    private func setOwner(of path: String, mode: Int) throws {
      try FileManager.default.setAttributes(
        [.ownerAccountID: agents, .groupOwnerAccountID: agents, .posixPermissions: mode],
        ofItemAtPath: path)
    }

    /// Writes twenty executions as the agents' user, without waiting for locks.
    private func write(_ store: String, _ journal: String, _ writer: Writer) throws {
      let tool = try Tool.run("env", command(store, journal, writer))
      #expect(tool.status == 0 || writer == .killed, "\(tool.errors)")
      #expect(tool.errors.isEmpty)
    }

    private func command(_ store: String, _ journal: String, _ writer: Writer) -> [String] {
      [
        "setpriv", "--reuid", "\(agents)", "--regid", "\(agents)", "--clear-groups",
        "/usr/bin/python3", "-c", script, store, journal, writer.rawValue,
      ]
    }

    private let script = """
      import os, sqlite3, sys, time
      store, journal, writer = sys.argv[1:]
      os.umask(0o022)
      def connect():
          return sqlite3.connect(store, timeout=0, isolation_level=None)
      connection = connect()
      connection.execute("PRAGMA journal_mode=" + journal)
      connection.execute("CREATE TABLE IF NOT EXISTS evidence (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                         " event TEXT NOT NULL, payload TEXT NOT NULL, ts TEXT NOT NULL)")
      payload = '{"agent": "a", "output_quality": 0.5}'
      for _ in range(20):
          connection.execute("INSERT INTO evidence (event, payload, ts) VALUES"
                             " ('metacognitive_agent_execution', ?, '2026-01-01T00:00:00')", [payload])
          time.sleep(0.002)
          if writer == "reopening":
              connection.close()
              connection = connect()
      if writer == "killed":
          os.kill(os.getpid(), 9)
      if writer == "open":
          print("written", flush=True)
          time.sleep(600)
      connection.close()
      """
  }
}
