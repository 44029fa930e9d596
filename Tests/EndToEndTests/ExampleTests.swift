import Foundation
import Testing

extension EndToEndTests {
  /// The examples, as their readers run them.
  struct ExampleTests {
    private static let root = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
      .deletingLastPathComponent().path
    private static let agent = URL(fileURLWithPath: Paths.exporter).deletingLastPathComponent()
      .appendingPathComponent("example-agent").path
    private static let writer = root + "/Examples/evidence_writer.py"

    private func run(_ environment: [String: String], _ database: String) throws -> Tool {
      try Tool.run(Self.agent, [database], environment: environment)
    }

    @Test func aWrappedAgentIsScoredGatedRecordedAndServed() async throws {
      let scratch = try ScratchDirectory()
      let mock = try await MockProcess.start([])
      let database = scratch.file("example.db")
      let tool = try run(["HELIX_QSR_URL": mock.url + "/api/qsr"], database)
      #expect(tool.status == 0, "\(tool.errors)")
      #expect(tool.output.contains("0.78 against 0.5"))
      let exporter = try await Exporter.follow(database)
      let page = try exporter.scrape()
      let agent = #"store="example",agent="Shortener""#
      #expect(page["reflexive_agent_executions_total{\(agent)}"] == 10)
      #expect(page[#"reflexive_qsr_latest_score{\#(agent)}"#] == 0.78)
      let gate = #"store="example",gate="ReleaseGate""#
      #expect(page["reflexive_gate_evaluations_total{\(gate)}"] == 10)
      #expect(page["reflexive_gate_threshold{\(gate)}"] == 0.5)
      #expect(page["reflexive_gate_consistency{\(gate)}"] == 0.97)
    }

    @Test func theGateGoesOnWhereItWas() async throws {
      let scratch = try ScratchDirectory()
      let mock = try await MockProcess.start(["--scenario", "drop"])
      let environment = ["HELIX_QSR_URL": mock.url + "/api/qsr"]
      let first = try run(environment, scratch.file("example.db"))
      let second = try run(environment, scratch.file("example.db"))
      func thresholds(_ tool: Tool) -> [Double] {
        tool.output.split(separator: "\n").compactMap { line in
          line.contains("against") ? Double(line.split(separator: " ").last ?? "") : nil
        }
      }
      #expect(first.output.contains("write more next time"))
      let all = thresholds(first) + thresholds(second)
      #expect(all.count == 20 && all[0] <= 0.5 && all == all.sorted(by: >))
    }

    @Test func theFirstErrorNamesTheURLAndNeverTheKey() async throws {
      let scratch = try ScratchDirectory()
      let key = "sk-live-5f0c9d8e7b6a"
      let unset = try run(["HELIX_QSR_URL": "", "HELIX_API_KEY": key], scratch.file("a.db"))
      #expect(unset.status == 1 && unset.errors.contains("HELIX_QSR_URL is not set"))
      let url = "http://127.0.0.1:1/api/qsr"
      let refused = try run(["HELIX_QSR_URL": url, "HELIX_API_KEY": key], scratch.file("b.db"))
      #expect(refused.status == 1)
      #expect(refused.errors.contains("\(url) cannot be reached: Connection refused"))
      for tool in [unset, refused] { #expect(!(tool.output + tool.errors).contains(key)) }
    }

    @Test func onAFullDiskEveryRunIsALineInTheLog() async throws {
      let scratch = try ScratchDirectory()
      let disk = try SmallDisk(scratch)
      let mock = try await MockProcess.start([])
      let command = disk.inside + [Self.agent, disk.path + "/example.db"]
      let environment = ["HELIX_QSR_URL": mock.url + "/api/qsr"]
      let made = try Tool.run(
        "env", disk.inside + [Paths.exporter, "init", disk.path + "/example.db"])
      #expect(made.status == 0, "\(made.errors)")
      try disk.fill()
      let full = try Tool.run("env", command, environment: environment)
      #expect(full.status == 0, "\(full.errors)")
      #expect(full.output.components(separatedBy: "0.78 against").count == 11)
      let lines = full.errors.split(separator: "\n").filter { $0.contains("was not recorded") }
      #expect(lines.filter { $0.contains("agent=Shortener") }.count == 10)
      #expect(lines.filter { $0.contains("gate=ReleaseGate") }.count == 10)
    }

    @Test(arguments: ["ts", "timestamp", ""])
    func thePythonWriterWritesWhatTheExporterReads(column: String) async throws {
      let scratch = try ScratchDirectory()
      let database = scratch.file("python.db")
      if !column.isEmpty {
        let made = try Tool.run(
          "python3",
          [
            "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute(sys.argv[2])",
            database,
            "CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, "
              + "payload TEXT NOT NULL, \(column) TEXT NOT NULL)",
          ])
        #expect(made.status == 0, "\(made.errors)")
      }
      let tool = try Tool.run("python3", [Self.writer, database])
      #expect(tool.status == 0, "\(tool.errors)")
      let exporter = try await Exporter.follow(database)
      let page = try exporter.scrape()
      #expect(page[#"reflexive_qsr_latest_score{store="python",agent="Shortener"}"#] == 0.78)
      #expect(page[#"reflexive_gate_threshold{store="python",gate="ReleaseGate"}"#] == 0.5)
      #expect(page.samples.allSatisfy { !$0.key.contains("rejected_total") || $0.value == 0 })
      let info = try #require(page.samples.keys.first { $0.hasPrefix("reflexive_store_info") })
      #expect(info.contains(#"journal_mode="wal""#))
      #expect(info.contains("time_column=\"\(column.isEmpty ? "ts" : column)\""))
    }

    @Test func thePythonWriterRefusesNaNAndIsAtMostFortyLines() throws {
      let scratch = try ScratchDirectory()
      let script = """
        import sys; sys.path.insert(0, sys.argv[1])
        from evidence_writer import ReflexiveStore
        store = ReflexiveStore(sys.argv[2])
        try:
            store.record({"event": "e", "output_quality": float("nan")})
        except ValueError:
            print(store.connection.execute("SELECT count(*) FROM evidence").fetchone()[0])
        """
      let tool = try Tool.run(
        "python3", ["-B", "-c", script, Self.root + "/Examples", scratch.file("python.db")])
      #expect(tool.output == "0\n", "\(tool.errors)")
      let lines = try String(contentsOfFile: Self.writer, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 41)
    }

    /// Their form, by the schemas of GitHub and GitLab, and their commands, which are run.
    @Test(arguments: [("github-actions.yml", "github-workflows"), ("gitlab-ci.yml", "gitlab-ci")])
    func theJobsAreValidAndTheirCommandsFailWhenQualityDoes(file: String, schema: String) throws {
      let path = "\(Self.root)/Examples/ci/\(file)"
      let valid = try Tool.run(
        "check-jsonschema", ["--builtin-schema", "vendor.\(schema)", path])
      #expect(valid.status == 0, "\(valid.output)\(valid.errors)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let check = try #require(
        text.firstMatch(of: /reflexive-exporter check --store evidence\.db(?:\s+--output \S+)+/))
      let backup = try #require(text.firstMatch(of: /mkdir [^\n]+/))
      for (score, status) in [(0.9, Int32(0)), (0.1, 1)] {
        let scratch = try ScratchDirectory()
        #expect(try Tool.run(Paths.exporter, ["init", scratch.file("evidence.db")]).status == 0)
        let row = #"{"event": "metacognitive_agent_execution", "agent": "a", "output_quality": "#
        let recorded = try Tool.run(
          Paths.exporter, ["record", "--store", scratch.file("evidence.db")],
          input: String(repeating: "\(row)\(score)}\n", count: 6))
        #expect(recorded.status == 0, "\(recorded.errors)")
        func run(_ line: Substring) throws -> Tool {
          let path = URL(fileURLWithPath: Paths.exporter).deletingLastPathComponent().path
          let words = line.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
          return try Tool.run(
            "sh", ["-ec", "PATH=\(path):$PATH; cd \(scratch.path); \(words)"])
        }
        let checked = try run(check.0)
        #expect(checked.status == status, "\(checked.output)\(checked.errors)")
        #expect(try scratch.contents("quality.xml").contains("<testsuites"))
        let kept = try run(backup.0)
        #expect(kept.status == 0, "\(kept.errors)")
      }
    }

    @Test func theVariablesOfTheExampleAreThoseThatAreReadAndEmpty() throws {
      let text = try String(contentsOfFile: Self.root + "/.env.example", encoding: .utf8)
      let settings = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      #expect(settings == ["HELIX_QSR_URL=", "HELIX_API_KEY="])
    }
  }
}
