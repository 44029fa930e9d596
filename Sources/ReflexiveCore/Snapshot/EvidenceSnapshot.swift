/// The indicators of one store at one moment.
///
/// Names are in the order of their bytes.
package struct EvidenceSnapshot: Hashable, Sendable {
  package var events: [EventSnapshot]
  package var agents: [AgentSnapshot]
  package var gates: [GateSnapshot]
  package var subjects: [SubjectSnapshot]
  /// The mean score of all executions, by window.
  package var averages: [WindowAverage]
  /// How much of the evidence can be used, for every window.
  package var shares: [WindowShares]
  /// Rows with something unusable, for every reason.
  package var rejected: [Rejection: Int]
  /// Rows whose value was folded into `_other`; every label is present.
  package var overflowed: [EvidenceLabel: Int]
}

/// The rows of one event.
package struct EventSnapshot: Hashable, Sendable {
  package var name: LabelValue
  package var rows: Int
  /// The greatest evidence time.
  package var lastTime: UnixTime?
}

/// One agent. `_other` has no latest score.
package struct AgentSnapshot: Hashable, Sendable {
  package var name: LabelValue
  package var executions: Int
  package var lastExecution: UnixTime?
  package var latest: Double?
  /// `nil` before the first score.
  package var scores: ScoreHistogram?
  package var averages: [WindowAverage]
  /// The least acceptable mean score.
  package var objective: Double
  /// `nil` where drops are off, and of `_other`.
  package var drops: DropsSnapshot?
}

/// One gate.
package struct GateSnapshot: Hashable, Sendable {
  /// The values of a single gate. `_other` stands for several gates and has none.
  package struct Own: Hashable, Sendable {
    package var consistency: Double?
    package var confidence: Double?
    package var lowConsistencyStreak: Int
    package var lowConsistencyBreaches: Int
    /// The longest streak that reaches into each window, where one does.
    package var longestStreaks: [WindowStreak]
    /// The streak that goes on or, if none does, the last one that had a readable time.
    package var latestStreak: Streak?
    package var threshold: Double?
    package var thresholdMoves: Int
    package var lastThresholdMove: UnixTime?
    package var thresholdDrifts: [WindowDrift]
    package var thresholdState: ThresholdState?
    /// Of the consistency; `nil` where drops are off.
    package var drops: DropsSnapshot?
  }

  package var name: LabelValue
  package var evaluations: Int
  package var calibrationsNeeded: Int
  package var lastEvaluation: UnixTime?
  /// `nil` before the first score.
  package var scores: ScoreHistogram?
  package var consistencyAverages: [WindowAverage]
  package var thresholdAverages: [WindowAverage]
  package var limits: GateLimits
  package var own: Own?
}

/// The reflexive maturity (RMM) of one subject. `_other` has no latest score and no progression.
package struct SubjectSnapshot: Hashable, Sendable {
  package var name: LabelValue
  package var latest: Double?
  package var averages: [WindowAverage]
  /// Least-squares slope over 7 days, in score per day.
  package var progressionPerDay: Double?
  /// The least acceptable maturity.
  package var objective: Double
  /// `nil` where drops are off, and of `_other`.
  package var drops: DropsSnapshot?
}
