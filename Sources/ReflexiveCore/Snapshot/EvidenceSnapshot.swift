/// The indicators of one store at one moment.
///
/// Names are in byte order.
package struct EvidenceSnapshot: Hashable, Sendable {
  package var events: [EventSnapshot]
  package var agents: [AgentSnapshot]
  package var gates: [GateSnapshot]
  package var subjects: [SubjectSnapshot]
  /// The mean score of all executions, by window.
  package var averages: [WindowAverage]
  /// The shares of usable evidence, for every window.
  package var shares: [WindowShares]
  /// The number of rejected rows, for every reason.
  package var rejected: [Rejection: Int]
  /// The number of rows whose value was folded into `_other`, for every label.
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
  /// `nil` for `_other`, and where drops are off.
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
    /// The longest streak that reaches into each window. Windows without one are left out.
    package var longestStreaks: [WindowStreak]
    /// The unbroken streak or, without one, the last streak with a readable time.
    package var latestStreak: Streak?
    package var threshold: Double?
    package var thresholdMoves: Int
    package var lastThresholdMove: UnixTime?
    package var thresholdDrifts: [WindowDrift]
    package var thresholdState: ThresholdState?
    /// The drops of the consistency; `nil` where drops are off.
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
  /// `nil` for `_other`, and where drops are off.
  package var drops: DropsSnapshot?
}
