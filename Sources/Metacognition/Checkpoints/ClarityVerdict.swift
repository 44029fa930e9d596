/// Whether enough of the evidence is complete.
///
/// `reflexive-exporter check` and the exporter's pages give the same verdict, as `clarity`.
public struct ClarityVerdict: Hashable, Sendable {
  /// What evidence is complete.
  public enum Checkpoint: String, CaseIterable, Hashable, Sendable {
    /// Of the executions, those that name their agent and carry a score and a time.
    case architectural
    /// Of the evaluations, those that name their gate and carry consistency, confidence,
    /// `calibration_needed` and a threshold, which has moved where calibration was needed.
    case procedural
  }

  /// The raw values are those of the exporter.
  public enum State: String, CaseIterable, Hashable, Sendable {
    /// The share is at least the objective.
    case good
    /// The share is below the objective.
    case breached
    /// There is less evidence than the least that is judged.
    case tooFew = "too_few"
    /// There is no evidence of this kind.
    case noData = "no_data"
  }

  /// Which of the two it is about.
  public var checkpoint: Checkpoint
  /// What it says.
  public var state: State
  /// The share of complete evidence, from 0 to 1; `nil` without evidence.
  public var share: Double?
  /// The least share that is good.
  public var objective: Double
  /// How many executions or evaluations there are.
  public var samples: Int
  /// The id of the first of them.
  public var firstID: Int64?
  /// The id of the last of them.
  public var lastID: Int64?
}

/// What evidence has to be like to be good.
public struct ClarityObjective: Hashable, Sendable {
  /// The least share of complete evidence.
  public var clarity = 0.6
  /// Fewer executions or evaluations than these are not judged.
  public var minSamples = 5
  /// Only rows with a higher id count; `nil` for every row.
  public var afterID: Int64?

  /// At least 0.6 of five rows or more, as the exporter has it by default.
  public init() {}
}
