import Foundation
import TestSupport
import Testing

@testable import Metacognition

struct ClarityTests {
  private let log = LogRecorder()

  private func execution(_ score: Double?, agent: String = "A") -> EvidenceRecord {
    .execution(of: agent, score: score, run: RunID())
  }

  @Test func executionsWithoutAScoreAreUnclear() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    for score in [0.5, 0.5, 0.5, nil, nil] { recorder.submit(execution(score)) }
    let verdict = try await recorder.validateArchitecturalMetacognition()
    #expect(verdict.state == .good)
    #expect(verdict.share == 0.6)
    #expect(verdict.samples == 5)
    #expect(verdict.firstID == 1 && verdict.lastID == 5)
    recorder.submit(execution(nil))
    #expect(try await recorder.validateArchitecturalMetacognition().state == .breached)
    var objective = ClarityObjective()
    objective.clarity = 0.5
    #expect(try await recorder.validateArchitecturalMetacognition(objective).state == .good)
    objective.afterID = 3
    #expect(try await recorder.validateArchitecturalMetacognition(objective).state == .tooFew)
    objective.minSamples = 3
    #expect(try await recorder.validateArchitecturalMetacognition(objective).state == .breached)
  }

  @Test func aGateThatDoesNotCalibrateItselfIsUnclear() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    #expect(try await recorder.validateProceduralMetacognition().state == .noData)
    let scorer = FixedScorer(evaluation: QualityEvaluation(score: 0.2))
    let gate = QualityGate("Moves", scorer: scorer, recorder: recorder)
    for _ in 0..<10 { _ = try await gate.evaluate("output") }
    let good = try await recorder.validateProceduralMetacognition()
    #expect(good.state == .good && good.share == 1)
    let stuck = QualityGate("Stuck", scorer: scorer, recorder: recorder, rule: StuckRule())
    for _ in 0..<10 { _ = try await stuck.evaluate("output") }
    let bad = try await recorder.validateProceduralMetacognition()
    #expect(bad.state == .breached && bad.share == 0.55 && bad.samples == 20)
  }

  @Test func aDatabaseThatIsGoneIsAnError() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger, busyTimeout: .milliseconds(50))
    try FileManager.default.removeItem(atPath: file.path)
    await #expect(throws: EvidenceRecorderError.self) {
      try await recorder.validateArchitecturalMetacognition()
    }
  }
}

/// Asks for calibration and never calibrates.
private struct StuckRule: ThresholdRule {
  func decide(_ score: Double, threshold: Double) -> ThresholdDecision {
    ThresholdDecision(calibrationNeeded: true, threshold: threshold)
  }
}
