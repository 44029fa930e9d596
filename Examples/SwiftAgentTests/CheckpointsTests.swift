import Foundation
import Logging
import Metacognition
import Testing

/// The two checkpoints of a metacognitive agent. The test fails in CI if one of them is not good.
///
/// Wrap your own agent here, with the scorer that it has in production.
struct CheckpointsTests {
  @Test func theAgentSaysWhatItsRunsAreWorthAndTheGateHowItDecides() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("checkpoints-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let logger = Logger(label: "checkpoints")
    let recorder = try await EvidenceRecorder.open(folder.path + "/evidence.db", logger: logger)
    let gate = QualityGate("ReleaseGate", scorer: LengthScorer(), recorder: recorder)

    let agent = await withMetacognition(
      scorer: LengthScorer(), recorder: recorder, logger: logger
    ) { scope in
      let agent = MetacognitiveAgent("Shortener", in: scope) { (text: String) in
        String(text.prefix(40))
      }
      for number in 1...10 { _ = await agent.run("Text \(number): the agents log what they do.") }
      return agent
    }
    for number in 1...10 { _ = try await gate.evaluate(String(repeating: "long ", count: number)) }

    #expect(try await agent.validateArchitecturalMetacognition().state == .good)
    #expect(try await agent.validateProceduralMetacognition().state == .good)
  }
}

/// Gives longer texts a higher score, up to 40 characters. It takes the place of `HelixQSRClient`.
private struct LengthScorer: QualityScorer {
  func evaluate(
    _ output: any Encodable & Sendable, of agent: String, run: RunID
  ) async throws -> QualityEvaluation {
    let length = (output as? String)?.count ?? 0
    return QualityEvaluation(score: min(Double(length) / 40, 1), consistency: 0.97, confidence: 0.9)
  }
}
