/// The limits in force for one gate.
package struct GateLimits: Hashable, Sendable {
  package var consistency: Double
  package var consistencyStreak: Int
  package var thresholdStaleness: Double
}

extension Objectives {
  /// The least acceptable mean score of `agent`. `_other` stands for many agents and has the
  /// store's.
  package func qsr(of agent: LabelValue) -> Double {
    agent == .overflow ? qsr : agents[agent]?.qsr ?? qsr
  }

  /// The limits of `gate`. `_other` stands for many gates and has the store's.
  package func limits(of gate: LabelValue) -> GateLimits {
    let own = gate == .overflow ? nil : gates[gate]
    return GateLimits(
      consistency: own?.consistency ?? consistency,
      consistencyStreak: own?.consistencyStreak ?? consistencyStreak,
      thresholdStaleness: own?.thresholdStaleness ?? thresholdStaleness)
  }

  /// The least acceptable maturity of `subject`. `_other` stands for many subjects and has the
  /// store's.
  package func rmm(of subject: LabelValue) -> Double {
    subject == .overflow ? rmm : subjects[subject]?.rmm ?? rmm
  }

  /// Whether the same rows give the same counts under `self` and under `other`. If not, they have
  /// to be counted again.
  package func isCompatible(with other: Objectives) -> Bool {
    let names = Set(gates.keys).union(other.gates.keys)
    return findsDropsAlike(other)
      && names.union([.overflow]).allSatisfy { name in
        let (left, right) = (limits(of: name), other.limits(of: name))
        return left.consistency == right.consistency
          && left.consistencyStreak == right.consistencyStreak
      }
  }
}
