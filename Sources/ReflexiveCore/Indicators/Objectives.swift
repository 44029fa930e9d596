/// The limits that quality is held against, as one store has them.
///
/// A store has one set of limits and may have others for single agents, gates and subjects, found
/// by name. What an override leaves out is the store's.
package struct Objectives: Hashable, Sendable {
  /// Least acceptable mean score of an agent's executions.
  package var qsr = 0.6
  /// Least acceptable self-assessed consistency of an evaluation.
  package var consistency = 0.9
  /// Evaluations in a row below ``consistency`` that make a breach; at least 1.
  package var consistencyStreak = 3
  /// Seconds after which a threshold that has not moved is stale.
  package var thresholdStaleness: Double = 86_400
  /// Least acceptable reflexive maturity score.
  package var rmm = 0.75
  /// Fewer scores in a window than this are not judged.
  package var minSamples = 5
  /// Seconds after which a store without new evidence is silent.
  package var evidenceSilence: Double = 86_400

  /// Overrides by the name of an agent, a gate, a subject.
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
