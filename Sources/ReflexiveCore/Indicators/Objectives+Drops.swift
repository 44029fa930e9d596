extension Objectives {
  /// Watches the scores of `agent`; `nil` where drops are off, and for `_other`: there a change in the
  /// mix of agents would pass for a change of quality.
  func drops(ofAgent agent: LabelValue) -> DropWatch? {
    dropWatch(of: agent, objective: qsr(of: agent))
  }

  /// Watches the consistency of `gate`.
  func drops(ofGate gate: LabelValue) -> DropWatch? {
    dropWatch(of: gate, objective: limits(of: gate).consistency)
  }

  /// Watches the maturity of `subject`.
  func drops(ofSubject subject: LabelValue) -> DropWatch? {
    dropWatch(of: subject, objective: rmm(of: subject))
  }

  private func dropWatch(of name: LabelValue, objective: Double) -> DropWatch? {
    guard let drop, name != .overflow else { return nil }
    return DropWatch(objective: objective, minSamples: minSamples, settings: drop)
  }

  /// Whether drops found under `self` are the ones that `other` would have found. Limits of a gate's
  /// consistency are compared by ``isCompatible(with:)`` with drops off as well.
  func findsDropsAlike(_ other: Objectives) -> Bool {
    guard drop == other.drop else { return false }
    guard drop != nil else { return true }
    let agentNames = Set(agents.keys).union(other.agents.keys).union([.overflow])
    let subjectNames = Set(subjects.keys).union(other.subjects.keys).union([.overflow])
    return minSamples == other.minSamples
      && agentNames.allSatisfy { qsr(of: $0) == other.qsr(of: $0) }
      && subjectNames.allSatisfy { rmm(of: $0) == other.rmm(of: $0) }
  }
}
