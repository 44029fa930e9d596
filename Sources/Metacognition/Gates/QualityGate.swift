import ReflexiveCore
import Synchronization

/// Judges outputs against an adaptive threshold, and records each judgement.
///
/// ```swift
/// let gate = try await QualityGate.restored("ReleaseGate", scorer: client, recorder: recorder)
/// let verdict = try await gate.evaluate(output)
/// ```
public final class QualityGate: Sendable {
  /// The label of the gate's metrics.
  public let name: String
  private let scorer: any QualityScorer
  private let recorder: EvidenceRecorder
  private let rule: any ThresholdRule
  private let current: Mutex<Double>

  /// Creates a gate that starts with `threshold`.
  public init(
    _ name: String, scorer: any QualityScorer, recorder: EvidenceRecorder,
    rule: any ThresholdRule = AdaptiveRule(), threshold: Double = 0.5
  ) {
    self.name = name
    self.scorer = scorer
    self.recorder = recorder
    self.rule = rule
    current = Mutex(threshold)
  }

  /// Creates a gate that continues with the threshold of its newest valid evidence, or starts with
  /// `threshold` if there is none.
  public static func restored(
    _ name: String, scorer: any QualityScorer, recorder: EvidenceRecorder,
    rule: any ThresholdRule = AdaptiveRule(), threshold: Double = 0.5
  ) async throws(EvidenceRecorderError) -> QualityGate {
    let last = try await recorder.latestThreshold(ofGate: name)
    return QualityGate(
      name, scorer: scorer, recorder: recorder, rule: rule, threshold: last ?? threshold)
  }

  /// The threshold for the next score.
  public var threshold: Double { current.withLock { $0 } }

  /// Asks the scorer for a score, decides on it and records the decision. The recorder logs a
  /// decision that it cannot write.
  ///
  /// - Throws: the scorer's error or ``UnusableScore``, after recording an evaluation without a
  ///   score.
  public func evaluate(_ output: any Encodable & Sendable) async throws -> GateEvaluation {
    let run = RunID()
    do {
      let evaluation = try await scorer.evaluate(output, of: name, run: run)
      guard evaluation.hasUsableScore else { throw UnusableScore(score: evaluation.score) }
      return decide(on: evaluation, run: run)
    } catch {
      recordUnscored(UnscoredReason(error), threshold, run)
      throw error
    }
  }

  private func recordUnscored(_ reason: UnscoredReason, _ threshold: Double, _ run: RunID) {
    recorder.submit(
      .evaluation(
        by: name, score: nil, assessment: nil, threshold: threshold,
        detail: ["error": .string(reason.text)], run: run))
  }

  /// Decides on a given score and records the decision.
  ///
  /// If the scorer gives no consistency or confidence, the gate records 1 or 0 for it. A score that
  /// is not a number from 0 to 1 needs calibration, moves no threshold and is recorded as an
  /// evaluation without a score.
  public func decide(on evaluation: QualityEvaluation, run: RunID = RunID()) -> GateEvaluation {
    // The lock keeps the rows in the order of the decisions.
    current.withLock { threshold in
      guard evaluation.hasUsableScore else {
        recordUnscored(UnscoredReason(UnusableScore(score: evaluation.score)), threshold, run)
        return GateEvaluation(
          score: evaluation.score,
          assessment: SelfAssessment(consistency: 1, confidence: 0, calibrationNeeded: true),
          threshold: threshold)
      }
      let decision = rule.decide(evaluation.score, threshold: threshold)
      threshold = decision.threshold
      let assessment = SelfAssessment(
        consistency: evaluation.consistency ?? 1, confidence: evaluation.confidence ?? 0,
        calibrationNeeded: decision.calibrationNeeded)
      recorder.submit(
        .evaluation(
          by: name, score: evaluation.score, assessment: assessment,
          threshold: decision.threshold, detail: evaluation.detail, run: run))
      return GateEvaluation(
        score: evaluation.score, assessment: assessment, threshold: decision.threshold)
    }
  }
}

/// The decision of a gate.
public struct GateEvaluation: Hashable, Sendable {
  /// The scorer's score. A usable one is from 0 to 1.
  public var score: Double
  /// The gate's assessment of its judgement, with `calibrationNeeded` if the score was too low.
  public var assessment: SelfAssessment
  /// The gate's threshold after the decision.
  public var threshold: Double
}
