/// A verdict on whether enough of the evidence is complete.
///
/// `reflexive-exporter check` and the exporter's pages give the same verdict, named `clarity`.
public struct ClarityVerdict: Hashable, Sendable {
  /// The kind of evidence that is judged.
  public enum Checkpoint: String, CaseIterable, Hashable, Sendable {
    /// Executions. Complete ones name their agent and carry a score and a time.
    case architectural
    /// Evaluations. Complete ones name their gate and carry consistency, confidence,
    /// `calibration_needed` and a threshold, which has moved where calibration was needed.
    case procedural
  }

  /// The state of a verdict. The raw values are those of the exporter.
  public enum State: String, CaseIterable, Hashable, Sendable {
    /// The share is at least the objective.
    case good
    /// The share is below the objective.
    case breached
    /// There is less evidence than ``ClarityObjective/minSamples``.
    case tooFew = "too_few"
    /// There is no evidence of this kind.
    case noData = "no_data"
  }

  /// The kind of evidence that was judged.
  public var checkpoint: Checkpoint
  /// The state of the verdict.
  public var state: State
  /// The share of complete evidence, from 0 to 1; `nil` without evidence.
  public var share: Double?
  /// The least share that is good.
  public var objective: Double
  /// The number of executions or evaluations.
  public var samples: Int
  /// The id of the first of them.
  public var firstID: Int64?
  /// The id of the last of them.
  public var lastID: Int64?
}

/// The objective for the completeness of evidence.
public struct ClarityObjective: Hashable, Sendable {
  /// The least share of complete evidence.
  public var clarity = 0.6
  /// The least number of executions or evaluations that is judged.
  public var minSamples = 5
  /// Only rows with a higher id count; `nil` for every row.
  public var afterID: Int64?

  /// Creates the exporter's default objective: at least 0.6 of five rows or more.
  public init() {}
}
