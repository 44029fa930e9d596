extension Objectives {
  /// The watch over the scores of `agent`; `nil` where drops are off, and for `_other`, in which a
  /// change in the mix of agents would look like a change in quality.
  func drops(ofAgent agent: LabelValue) -> DropWatch? {
    dropWatch(of: agent, objective: qsr(of: agent))
  }

  /// The watch over the consistency of `gate`.
  func drops(ofGate gate: LabelValue) -> DropWatch? {
    dropWatch(of: gate, objective: limits(of: gate).consistency)
  }

  /// The watch over the maturity of `subject`.
  func drops(ofSubject subject: LabelValue) -> DropWatch? {
    dropWatch(of: subject, objective: rmm(of: subject))
  }

  private func dropWatch(of name: LabelValue, objective: Double) -> DropWatch? {
    guard let drop, name != .overflow else { return nil }
    return DropWatch(objective: objective, minSamples: minSamples, settings: drop)
  }

  /// Whether both find the same drops in the same rows. ``isCompatible(with:)`` compares the
  /// consistency limits of gates, even with drops off.
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
