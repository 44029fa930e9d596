import Foundation
import Testing

extension EndToEndTests {
  /// The real binary, under what clients and the machine may do to a receiver.
  struct ReceiverTests {
    private func expectSuccess(_ script: String, _ arguments: [String] = []) throws {
      let tool = try Tool.python(script, [Paths.exporter] + arguments)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    @Test func whatIsAcknowledgedIsThereOnceWheneverTheReceiverIsKilled() throws {
      try expectSuccess("receiver_kill.py", [LongTests.areWanted ? "100" : "6"])
    }

    @Test func tenTimesTooMuchIsToldToComeAgainAndScrapesStayQuick() throws {
      // A binary that is not optimised shares two processors with its clients and with other tests.
      try expectSuccess(
        "receiver_overload.py", ["--seconds", LongTests.areWanted ? "30" : "4", "--p99", "3"])
    }

    @Test func bombsAreRefusedAndMemoryStaysFlat() throws { try expectSuccess("receiver_bombs.py") }

    /// pydantic-evals with OpenTelemetry's default exporter, a real Prometheus and Alertmanager.
    @Test func anEvaluationFrameworkThatKnowsNothingOfThisReachesAPage() throws {
      try expectSuccess("receiver_flow.py")
    }

    @Test func whatCannotBeWrittenIsSaidAndTheRetryIsStoredOnce() throws {
      try expectSuccess("receiver_faults.py")
    }
  }
}
