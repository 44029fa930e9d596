/// Scores the output of agents.
///
/// A scorer has to end soon after its task is cancelled, because deadlines cancel it.
public protocol QualityScorer: Sendable {
  /// Scores one output.
  ///
  /// - Parameters:
  ///   - output: the output of the agent. A client that sends it encodes it as JSON.
  ///   - agent: the name of the agent.
  ///   - run: identifies the run, and is the same in every attempt to score it.
  func evaluate(
    _ output: any Encodable & Sendable, of agent: String, run: RunID
  ) async throws -> QualityEvaluation
}

/// The evaluation of one output by a scorer.
public struct QualityEvaluation: Hashable, Sendable {
  /// The score, from 0 to 1.
  public var score: Double
  /// How well the evaluation agrees with itself, from 0 to 1.
  public var consistency: Double?
  /// How sure the scorer is, from 0 to 1.
  public var confidence: Double?
  /// Everything else that the scorer reports. It is recorded with the run.
  public var detail: [String: JSONValue]

  /// Creates an evaluation from values.
  public init(
    score: Double, consistency: Double? = nil, confidence: Double? = nil,
    detail: [String: JSONValue] = [:]
  ) {
    self.score = score
    self.consistency = consistency
    self.confidence = confidence
    self.detail = detail
  }
}

extension QualityEvaluation {
  var hasUsableScore: Bool { (0...1).contains(score) }
}

/// The error for a score that is not a number from 0 to 1.
public struct UnusableScore: Error, Sendable, CustomStringConvertible {
  /// The unusable score.
  public var score: Double

  /// A description in one line.
  public var description: String { "the score is \(score), and not a number from 0 to 1" }
}

/// Identifies one run of an agent, or one decision of a gate.
public struct RunID: Hashable, Sendable, CustomStringConvertible {
  /// 32 hexadecimal digits.
  public let description: String

  /// Creates an identifier that no other run has.
  public init() {
    let halves = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }
    description = halves.map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined()
  }
}
