@testable import Metacognition

/// Answers what it is told.
struct FixedScorer: QualityScorer {
  struct Away: Error {}

  var evaluation: QualityEvaluation?

  func evaluate(
    _ output: any Encodable & Sendable, of agent: String, run: RunID
  ) async throws -> QualityEvaluation {
    guard let evaluation else { throw Away() }
    return evaluation
  }
}
