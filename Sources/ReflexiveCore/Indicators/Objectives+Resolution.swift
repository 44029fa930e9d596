/// The limits in force for one gate.
package struct GateLimits: Hashable, Sendable {
  package var consistency: Double
  package var consistencyStreak: Int
  package var thresholdStaleness: Double
}

extension Objectives {
  /// The least acceptable mean score of `agent`. `_other` is many agents: it has the store's.
  package func qsr(of agent: LabelValue) -> Double {
    agent == .overflow ? qsr : agents[agent]?.qsr ?? qsr
  }

  /// The limits of `gate`. `_other` is many gates: it has the store's.
  package func limits(of gate: LabelValue) -> GateLimits {
    let own = gate == .overflow ? nil : gates[gate]
    return GateLimits(
      consistency: own?.consistency ?? consistency,
      consistencyStreak: own?.consistencyStreak ?? consistencyStreak,
      thresholdStaleness: own?.thresholdStaleness ?? thresholdStaleness)
  }

  /// The least acceptable maturity of `subject`. `_other` is many subjects: it has the store's.
  package func rmm(of subject: LabelValue) -> Double {
    subject == .overflow ? rmm : subjects[subject]?.rmm ?? rmm
  }

  /// Whether counters made under `self` are the ones that `other` would have made: if not, they
  /// have to be counted anew from the rows.
  package func isCompatible(with other: Objectives) -> Bool {
    let names = Set(gates.keys).union(other.gates.keys)
    return names.union([.overflow]).allSatisfy { name in
      let (left, right) = (limits(of: name), other.limits(of: name))
      return left.consistency == right.consistency
        && left.consistencyStreak == right.consistencyStreak
    }
  }
}
