/// The objectives of one store.
///
/// Agents, gates and subjects may override them by name. A limit that an override leaves out is the
/// store's.
package struct Objectives: Hashable, Sendable {
  /// Least acceptable mean score of an agent's executions.
  package var qsr = 0.6
  /// Least acceptable self-assessed consistency of an evaluation.
  package var consistency = 0.9
  /// The number of consecutive evaluations below ``consistency`` that is a breach; at least 1.
  package var consistencyStreak = 3
  /// Seconds after which a threshold that has not moved is stale.
  package var thresholdStaleness: Double = 86_400
  /// Least acceptable reflexive maturity score.
  package var rmm = 0.75
  /// The least number of scores in a window for its mean to be compared with an objective.
  package var minSamples = 5
  /// Seconds after which a store without new evidence is silent.
  package var evidenceSilence: Double = 86_400
  /// The settings for finding drops; `nil` turns it off.
  package var drop: DropSettings? = DropSettings()
  /// Least acceptable share of complete evidence.
  package var clarity = 0.6

  /// The overrides by name.
  package var agents: [LabelValue: AgentObjectives] = [:]
  package var gates: [LabelValue: GateObjectives] = [:]
  package var subjects: [LabelValue: SubjectObjectives] = [:]

  package init() {}
}

/// The limits of one agent; `nil` is the store's.
package struct AgentObjectives: Hashable, Sendable {
  package var qsr: Double?

  package init(qsr: Double? = nil) { self.qsr = qsr }
}

/// The limits of one gate; `nil` is the store's.
package struct GateObjectives: Hashable, Sendable {
  package var consistency: Double?
  package var consistencyStreak: Int?
  package var thresholdStaleness: Double?

  package init(
    consistency: Double? = nil, consistencyStreak: Int? = nil, thresholdStaleness: Double? = nil
  ) {
    self.consistency = consistency
    self.consistencyStreak = consistencyStreak
    self.thresholdStaleness = thresholdStaleness
  }
}

/// The limits of one subject; `nil` is the store's.
package struct SubjectObjectives: Hashable, Sendable {
  package var rmm: Double?

  package init(rmm: Double? = nil) { self.rmm = rmm }
}
