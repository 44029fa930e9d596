/// Says how good an agent's output is.
///
/// A scorer must end soon after its task is cancelled, because deadlines cancel it.
public protocol QualityScorer: Sendable {
  /// Judges one output.
  ///
  /// - Parameters:
  ///   - output: what the agent returned. A client that sends it encodes it as JSON.
  ///   - agent: the agent's name.
  ///   - run: identifies the run, the same in every attempt to score it.
  func evaluate(
    _ output: any Encodable & Sendable, of agent: String, run: RunID
  ) async throws -> QualityEvaluation
}

/// What a scorer says of one output.
public struct QualityEvaluation: Hashable, Sendable {
  /// From 0 to 1.
  public var score: Double
  /// How well the judgement agrees with itself, from 0 to 1.
  public var consistency: Double?
  /// How sure the scorer is, from 0 to 1.
  public var confidence: Double?
  /// Everything else that the scorer says. It is recorded with the run.
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

/// A scorer gave a score that is not a number from 0 to 1.
public struct UnusableScore: Error, Sendable, CustomStringConvertible {
  /// The score.
  public var score: Double

  /// One line for people.
  public var description: String { "the score is \(score), and not a number from 0 to 1" }
}

/// Identifies one run of an agent, or one decision of a gate.
public struct RunID: Hashable, Sendable, CustomStringConvertible {
  /// 32 hexadecimal digits.
  public let description: String

  /// An identifier that no other run has.
  public init() {
    let halves = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }
    description = halves.map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined()
  }
}
