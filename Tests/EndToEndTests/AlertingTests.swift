import Foundation
import Testing

extension EndToEndTests {
  /// The shipped rules, routes and dashboards, in the real tools that load them.
  struct AlertingTests {
    private static let root = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
      .deletingLastPathComponent().path
    private static let golden = root + "/Tests/ExporterAppTests/Golden/exposition.txt"

    private func files(_ folder: String, _ suffix: String) throws -> [String] {
      let path = Self.root + "/" + folder
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        .filter { $0.hasSuffix(suffix) }.map { path + "/" + $0 }
    }

    private func expectSuccess(_ name: String, _ arguments: [String]) throws -> Tool {
      let tool = try Tool.run(name, arguments)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      return tool
    }

    @Test func promtoolAcceptsTheRulesWithEveryLint() throws {
      let rules = try files("alerts/rules", ".yml")
      #expect(!rules.isEmpty)
      _ = try expectSuccess("promtool", ["check", "rules", "--lint=all", "--lint-fatal"] + rules)
    }

    @Test func everyAlertFiresAndKeepsQuietAsItsUnitTestsSay() throws {
      let twoAtATime = ["--delimiter=\\n", "--max-procs=2", "--max-args=1"]
      let tool = try Tool.run(
        "xargs", twoAtATime + ["promtool", "test", "rules"],
        input: files("alerts/tests", ".yml").joined(separator: "\n"))
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
    }

    @Test func prometheusAndAlertmanagerLoadTheirConfigurations() throws {
      _ = try expectSuccess("promtool", ["check", "config", Self.root + "/alerts/prometheus.yml"])
      _ = try expectSuccess("amtool", ["check-config", Self.root + "/alerts/alertmanager.yml"])
    }

    @Test func everyAlertHasItsFormItsRunbookItsTestsAndItsRoute() throws {
      _ = try expectSuccess("python3", [Self.root + "/alerts/tests/check_rules.py"])
    }

    /// Every rule's annotations, with hostile names in every label, as Slack, mail, PagerDuty and
    /// webhooks get them from a real Alertmanager.
    @Test func aNameInAnAlertIsOnlyText() throws {
      let tool = try expectSuccess("python3", [Self.root + "/alerts/tests/hostile_names.py"])
      print(tool.output)
    }

    @Test func dashboardsAreInOrder() throws {
      _ = try expectSuccess("python3", [Self.root + "/grafana/tests/lint.py"])
    }

    @Test func onlyWhatIsServedIsNamedAndAllThatIsServedIsUsed() throws {
      _ = try expectSuccess(
        "python3", [Self.root + "/alerts/tests/check_names.py", Self.golden])
    }

    @Test func aRenamedMetricIsNoticed() throws {
      let scratch = try ScratchDirectory()
      let page = try String(contentsOfFile: Self.golden, encoding: .utf8)
        .replacing("reflexive_qsr_average", with: "reflexive_qsr_mean")
      let tool = try Tool.run(
        "python3",
        [Self.root + "/alerts/tests/check_names.py", try scratch.write("page.txt", page)])
      #expect(tool.status == 1 && tool.output.contains("reflexive_qsr_average"))
    }
  }
}
