import Foundation
import Testing

extension EndToEndTests {
  /// `check`, as a CI job calls it.
  struct CheckTests {
    /// What the stores of a check are like.
    enum Situation: String, CaseIterable, Sendable {
      case good, breached, tooFew, noData, unreadable, corrupt, locked, misuse

      var exitCode: Int32 {
        switch self {
        case .good, .tooFew: 0
        case .breached: 1
        case .noData, .unreadable, .corrupt, .locked, .misuse: 2
        }
      }
    }

    static let outputs = ["table", "json", "junit", "github", "markdown"]

    private func check(_ arguments: [String]) throws -> Tool {
      try Tool.run(Paths.exporter, ["check"] + arguments)
    }

    /// Runs that are long over: what is said of them does not change with the clock.
    private static func run(_ agent: String, _ score: Double, at minute: Int = 0) -> String {
      """
      INSERT INTO evidence (event, payload, ts) VALUES ('metacognitive_agent_execution', \
      '{"agent": "\(agent)", "output_quality": \(score)}', '2026-01-02T03:\(10 + minute):00Z')

      """
    }

    private static func evaluation(_ gate: String, consistency: Double) -> String {
      """
      INSERT INTO evidence (event, payload, ts) VALUES ('quality_gate_evaluation', \
      '{"gate": "\(gate)", "output_quality": 0.8, "current_threshold": 0.5, "self_assessment": \
      {"consistency": \(consistency), "confidence": 0.8, "calibration_needed": false}}', \
      '2026-01-02T03:20:00Z')

      """
    }

    /// A store with the rows, in the folder.
    private func store(_ scratch: ScratchDirectory, _ rows: String) throws -> String {
      let path = scratch.file("team.db")
      #expect(try Tool.run(Paths.exporter, ["init", path]).status == 0)
      let writer = try Writer(path)
      try writer.execute("BEGIN\n" + rows + "COMMIT")
      return path
    }

    private static let good =
      (0..<6).map { run("triage", 0.8, at: $0) }.joined()
      + (0..<5).map { _ in evaluation("Research", consistency: 0.95) }.joined()

    private static let breached =
      (0..<30).map { run("triage", 0.9, at: $0) }.joined()
      + (0..<30).map { run("triage", 0.125, at: $0) }.joined()
      + (0..<4).map { _ in evaluation("Research", consistency: 0.5) }.joined()
      + run("rare", 0.2)

    /// The arguments of a check, and a writer that keeps the lock as long as it lives.
    private func arguments(
      _ situation: Situation, _ scratch: ScratchDirectory
    ) throws -> ([String], Writer?) {
      switch situation {
      case .good:
        return (["--store", try store(scratch, Self.good)], nil)
      case .breached:
        return (["--store", try store(scratch, Self.breached)], nil)
      case .tooFew:
        return (["--store", try store(scratch, Self.run("triage", 0.1))], nil)
      case .noData:
        let path = try store(scratch, Self.good)
        return (["--store", path, "--since", "2026-01-03T00:00:00Z"], nil)
      case .unreadable:
        return (["--store", scratch.file("team.db")], nil)
      case .corrupt:
        return (["--store", try scratch.write("team.db", "no database at all")], nil)
      case .locked:
        let path = try store(scratch, Self.good)
        let writer = try Writer(path)
        try writer.execute("BEGIN EXCLUSIVE\n" + Self.run("triage", 0.1))
        return (["--store", path, "--time-limit", "200ms"], writer)
      case .misuse:
        return (["--store", scratch.file("team.db"), "--since", "yesterday"], nil)
      }
    }

    /// Eight situations in five outputs. CHECK_GOLDEN=write writes the golden files.
    @Test(arguments: Situation.allCases)
    func exitCodesAndOutputsAreThoseOfTheGoldenFiles(situation: Situation) throws {
      let scratch = try ScratchDirectory()
      let (arguments, writer) = try arguments(situation, scratch)
      var found = ""
      for output in Self.outputs {
        let tool = try check(arguments + ["--output", output])
        #expect(tool.status == situation.exitCode, "\(output): \(tool.output)\(tool.errors)")
        found += "==> \(output): exit code \(tool.status)\n\(tool.output)\(tool.errors)"
      }
      withExtendedLifetime(writer) {}
      found = found.replacing(scratch.path, with: "FOLDER")
      let golden = "\(Paths.tests)/Golden/check/\(situation.rawValue).txt"
      if ProcessInfo.processInfo.environment["CHECK_GOLDEN"] == "write" {
        try Data(found.utf8).write(to: URL(fileURLWithPath: golden))
      }
      #expect(try String(contentsOfFile: golden, encoding: .utf8) == found)
    }

    /// Against Jenkins's schema, and by another reader. Names are anything at all.
    @Test func outputsAreValidBoundedAndSafeWhateverTheNames() throws {
      let tool = try Tool.python("check_outputs.py", [Paths.exporter])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    /// On random stores, `check` against the expressions of the alert rules in promtool.
    @Test func verdictsAreWhatTheAlertRulesSay() throws {
      let stores = LongTests.areWanted ? "10000" : "200"
      let tool = try Tool.python("check_parity.py", [Paths.exporter, stores])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    @Test(arguments: [
      ([], "nothing to check"), (["--store", "x.db", "--output", "xml"], #"--output: "xml""#),
      (["--store", "x.db", "--output", "json="], #"--output: "json=""#),
      (["--store", "x.db", "--output", "json", "--output", "table"], "one place"),
      (["--store", "x.db", "--output", "json=a", "--output", "junit=a"], "one place"),
      (["--store", "x.db", "--no-data", "maybe"], #"--no-data: "maybe""#),
      (["--store", "x.db", "--indicator", "speed"], #"--indicator: "speed""#),
      (["--store", "x.db", "--time-limit", "0"], #"--time-limit: "0""#),
      (["--store", "x.db", "--agent", "a", "--indicator", "rmm"], "--agent: no indicator"),
      (["--store", "x.db", "--gate", "g", "--indicator", "qsr"], "--gate: no indicator"),
    ])
    func misuseIsOneLineAndExitCode2(arguments: [String], text: String) throws {
      let tool = try check(arguments)
      #expect(tool.status == 2)
      #expect(tool.output.isEmpty)
      #expect(tool.errors.contains(text), "\(tool.errors)")
      #expect(tool.errors.split(separator: "\n").count == 1)
    }

    @Test func namesIndicatorsAndStoresChooseVerdicts() throws {
      let scratch = try ScratchDirectory()
      let path = try store(scratch, Self.breached)
      func shown(_ arguments: [String]) throws -> (Int32, [String]) {
        let tool = try check(["--store", path, "--output", "table"] + arguments)
        let lines = tool.output.split(separator: "\n").map { line in
          line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        return (tool.status, lines.dropFirst().dropLast().map { String($0) })
      }
      let rare = try shown(["--agent", "rare"])
      #expect(rare.0 == 0)
      #expect(
        rare.1.contains("too few team qsr agent rare 0.2 >= 0.6 1 65"), "\(rare.1)")
      #expect(rare.1.count == 2)
      let both = try shown(["--agent", "rare", "--indicator", "qsr"])
      #expect(both.1.count == 1)
      #expect(try shown(["--indicator", "rejected"]).0 == 0)
      #expect(try shown(["--indicator", "consistency_streak"]).0 == 1)
      let unknown = try shown(["--agent", "nobody", "--gate", "Research"])
      #expect(unknown.0 == 2)
      #expect(unknown.1.contains("no data team qsr agent nobody – >= 0.6 0 –"), "\(unknown.1)")
      #expect(try shown(["--agent", "nobody", "--no-data", "pass"]).0 == 0)
      #expect(try shown(["--agent", "nobody", "--no-data", "fail"]).0 == 1)
      #expect(try shown(["--since", "id:64", "--agent", "rare"]).0 == 0)
    }

    @Test func anAgentThatFellSilentDoesNotCountUnlessItIsNamed() throws {
      let scratch = try ScratchDirectory()
      let old = (0..<6).map { Self.run("old", 0.1, at: $0) }.joined()
      let path = try store(scratch, old + Self.good)
      let since = ["--store", path, "--since", "id:6"]
      let tool = try check(since)
      #expect(tool.status == 0, "\(tool.output)")
      #expect(tool.output.contains("silent"))
      #expect(try check(since + ["--agent", "old"]).status == 2)
      let none = try check(["--store", path, "--since", "id:99", "--no-data", "pass"])
      #expect(none.status == 0)
    }

    @Test func severalOutputsAreWrittenAndOneThatCannotBeIsExitCode2AfterTheOthers() throws {
      let scratch = try ScratchDirectory()
      let path = try store(scratch, Self.good)
      let json = scratch.file("report.json")
      let tool = try check([
        "--store", path, "--output", "markdown=/no/such/folder/report.md", "--output",
        "json=\(json)", "--output", "junit=\(scratch.file("report.xml"))", "--output", "table",
      ])
      #expect(tool.status == 2)
      #expect(tool.errors.contains("--output markdown: "), "\(tool.errors)")
      #expect(tool.output.contains("good: "))
      #expect(try scratch.contents("report.json").contains(#""exit_code" : 0"#))
      #expect(try scratch.contents("report.xml").contains("<testsuites"))
      let device = try check(["--store", path, "--output", "json=/dev/full"])
      #expect(device.status == 2)
    }

    @Test func aConfigurationGivesItsStoresNamesScalesAndObjectives() throws {
      let scratch = try ScratchDirectory()
      let path = try store(scratch, (0..<6).map { Self.run("triage", 70, at: $0) }.joined())
      let configuration = try scratch.write(
        "exporter.yml",
        """
        stores:
          - {path: team.db, name: main, score_scale: 100, objectives: {qsr: 0.75}}
          - {path: other.db}
        """)
      let all = try check(["--config.file", configuration])
      #expect(all.status == 2)
      #expect(all.output.contains("store other: missing: "), "\(all.output)")
      let one = try check(["--config.file", configuration, "--store", path])
      #expect(one.status == 1)
      #expect(one.output.contains("main"))
      #expect(one.output.contains("0.7    >= 0.75"), "\(one.output)")
      let glob = try check(["--store", scratch.file("no*.db")])
      #expect(glob.status == 2)
      #expect(glob.output.contains("the glob finds no file"))
    }
  }
}
