import Foundation
import Testing

extension EndToEndTests.WaitingTests {
  /// The shipped rules and routes, over stores that a real exporter follows.
  struct PagingTests {
    private static let script = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("alerts/tests/end_to_end.py").path

    /// The alerts of a real Prometheus, over stores in which each rule about rows has a reason.
    @Test func anAlertLeadsToTheRowsThatItRestsOn() throws {
      let tool = try Tool.python("alert_links.py", [Paths.exporter])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    /// Health, a drop, recovery, a burst, a dead and a restarted exporter, limits from the
    /// configuration, and every query of every dashboard: with a real Prometheus and Alertmanager.
    @Test func theRightPagesReachTheWebhookAndNoOthers() throws {
      let healthy = LongTests.areWanted ? "120" : "20"
      let tool = try Tool.run(
        "python3", [Self.script, Paths.exporter, "--healthy-seconds", healthy])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }
  }
}
