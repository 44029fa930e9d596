import Foundation
import Testing

extension EndToEndTests {
  /// From an agent's run to the page and back to the row, with a real Prometheus and Alertmanager.
  struct SandboxTests {
    private static let agent = URL(fileURLWithPath: Paths.exporter).deletingLastPathComponent()
      .appendingPathComponent("example-agent").path

    private func expectSuccess(_ tool: Tool) {
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    /// `make sandbox` with each `BREAK`, all at once.
    @Test func eachBreakBringsItsPageWithItsEvidenceAndNothingIsLeftRunning() throws {
      expectSuccess(try Tool.python("sandbox_run.py", [Paths.exporter]))
    }

    @Test func aWrappedAgentIsScoredGatedRecordedScrapedPagedAndFoundByTheLink() throws {
      expectSuccess(try Tool.python("flow_run.py", [Paths.exporter, Self.agent]))
    }

    /// By the schema of Compose: no container engine runs here.
    @Test func theContainersAreInOrder() throws {
      let file = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("deploy/docker-compose.yml").path
      expectSuccess(
        try Tool.run("check-jsonschema", ["--builtin-schema", "vendor.compose-spec", file]))
      expectSuccess(try Tool.python("compose_check.py", []))
    }
  }
}
