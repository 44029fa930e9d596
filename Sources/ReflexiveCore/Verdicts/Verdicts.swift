/// The one place that decides what is good: pages, the API, `check` and the alert rules agree with it.
///
/// Each number is one that the snapshot holds for the range:
///
/// - `qsr`, `rmm`: ``WindowAverage``, the mean that `reflexive_qsr_average`,
///   `reflexive_store_qsr_average` and `reflexive_rmm_average` serve.
/// - `consistency_streak`: ``WindowStreak``, the longest streak that reaches into the range.
/// - `drop`: the drop that lasts, as `reflexive_qsr_drop_mean` and its twins serve it, whatever the
///   range.
/// - `threshold`: the state that `reflexive_gate_threshold_state` serves, whatever the range.
/// - `rejected`, `clarity`: ``EvidenceShares``.
///
/// A range is a window of the snapshot, by its label. A daemon's windows move with the clock, and
/// their old edge is off by at most 1/256 of their length. A store that is read once has a window
/// with an exact ``Window/Start``.
package enum Verdicts {
  /// The greatest share of rejected rows that is good. The alert rule ReflexiveEvidenceRejected says
  /// the same.
  package static let rejectedLimit = 0.01

  /// - Parameters:
  ///   - evidence: what the store says at one moment.
  ///   - store: its name.
  ///   - objectives: the store's limits.
  ///   - range: the label of one of the snapshot's windows, or ``Window/allLabel``.
  /// - Returns: the verdicts in the order in which they are shown.
  package static func make(
    _ evidence: EvidenceSnapshot, store: String, objectives: Objectives, range: String
  ) -> [Verdict] {
    let bench = Bench(store: store, range: range, objectives: objectives)
    let storeWide = [bench.storeQuality(evidence), bench.rejected(evidence)]
    let verdicts =
      bench.agents(evidence) + bench.streaks(evidence) + bench.thresholds(evidence)
      + bench.subjects(evidence) + bench.drops(evidence) + bench.clarity(evidence) + storeWide
    return verdicts.sorted()
  }
}

/// What all verdicts of one store and range have in common. One function makes those of one
/// indicator.
private struct Bench {
  var store: String
  var range: String
  var objectives: Objectives

  func agents(_ evidence: EvidenceSnapshot) -> [Verdict] {
    evidence.agents.filter { $0.name != .overflow }.map { agent in
      mean(agent.averages, .qsr, .agent, agent.name, limit: agent.objective)
    }
  }

  func storeQuality(_ evidence: EvidenceSnapshot) -> Verdict {
    mean(evidence.averages, .qsr, .store, LabelValue(store), limit: objectives.qsr)
  }

  func subjects(_ evidence: EvidenceSnapshot) -> [Verdict] {
    evidence.subjects.filter { $0.name != .overflow }.map { subject in
      mean(subject.averages, .rmm, .subject, subject.name, limit: subject.objective)
    }
  }

  private func mean(
    _ averages: [WindowAverage], _ indicator: Verdict.Indicator, _ kind: Verdict.SubjectKind,
    _ subject: LabelValue, limit: Double
  ) -> Verdict {
    var verdict = Verdict(
      store: store, indicator: indicator, subjectKind: kind, subject: subject, range: range,
      limit: .number(limit), comparison: .atLeast)
    guard let average = averages.first(where: { $0.window == range }) else { return verdict }
    let value = average.mean.roundedToNineDecimals
    verdict.value = .number(value)
    verdict.samples = average.samples
    verdict.ids = average.ids
    verdict.state = validator(average.samples, isGood: value >= limit)
    return verdict
  }

  /// A gate without any streak in the range has one of length 0, if it has a consistency there.
  func streaks(_ evidence: EvidenceSnapshot) -> [Verdict] {
    evidence.gates.compactMap { gate in
      guard let own = gate.own else { return nil }
      let limit = gate.limits.consistencyStreak
      let samples = gate.consistencyAverages.first { $0.window == range }?.samples ?? 0
      let streak = own.longestStreaks.first { $0.window == range }?.streak
      var verdict = Verdict(
        store: store, indicator: .consistencyStreak, subjectKind: .gate, subject: gate.name,
        range: range, limit: .number(Double(limit)), comparison: .below, samples: samples,
        ids: streak?.ids)
      guard samples > 0 || streak != nil else { return verdict }
      let length = streak?.length ?? 0
      verdict.value = .number(Double(length))
      verdict.state = length < limit ? .good : .breached
      return verdict
    }
  }

  /// Gates without a state, which never had a threshold with a readable time, are left out.
  func thresholds(_ evidence: EvidenceSnapshot) -> [Verdict] {
    evidence.gates.compactMap { gate in
      guard let state = gate.own?.thresholdState else { return nil }
      return Verdict(
        store: store, indicator: .threshold, subjectKind: .gate, subject: gate.name, range: range,
        value: .text(state.rawValue), limit: .text(ThresholdState.stalled.rawValue),
        comparison: .different, samples: nil, state: state == .stalled ? .breached : .good)
    }
  }

  /// What has no usable score, and `_other`, is left out.
  func drops(_ evidence: EvidenceSnapshot) -> [Verdict] {
    evidence.agents.compactMap {
      drop($0.drops, .agent, $0.name, $0.averages, objective: $0.objective)
    }
      + evidence.gates.compactMap {
        drop(
          $0.own?.drops, .gate, $0.name, $0.consistencyAverages, objective: $0.limits.consistency)
      }
      + evidence.subjects.compactMap {
        drop($0.drops, .subject, $0.name, $0.averages, objective: $0.objective)
      }
  }

  /// - Parameter averages: of the scores that are watched. A drop that lasts ends with the last one.
  private func drop(
    _ drops: DropsSnapshot?, _ kind: Verdict.SubjectKind, _ subject: LabelValue,
    _ averages: [WindowAverage], objective: Double
  ) -> Verdict? {
    guard let drops, drops.hasScores else { return nil }
    var verdict = Verdict(
      store: store, indicator: .drop, subjectKind: kind, subject: subject, range: range,
      limit: .number(objective), comparison: .atLeast, state: .good)
    guard let breach = drops.breach(of: objective) else { return verdict }
    verdict.value = .number(breach.mean.roundedToNineDecimals)
    verdict.limit = .number(breach.limit)
    verdict.samples = breach.samples
    verdict.state = .breached
    verdict.ids = IDSpan(breach.startID)
    if let all = averages.first(where: { $0.window == Window.allLabel })?.ids {
      verdict.ids?.merge(IDSpan(all.last))
    }
    return verdict
  }

  /// Fewer rejected rows than `min_samples` are good, whatever share of the rows they are.
  func rejected(_ evidence: EvidenceSnapshot) -> Verdict {
    let limit = Verdicts.rejectedLimit
    let share = shares(evidence, range).rejected
    var verdict = Verdict(
      store: store, indicator: .rejected, subjectKind: .store, subject: LabelValue(store),
      range: range, limit: .number(limit), comparison: .atMost, samples: share.count,
      ids: share.ids)
    guard let value = share.value?.roundedToNineDecimals else { return verdict }
    verdict.value = .number(value)
    verdict.state = validator(
      share.count, isGood: value <= limit || share.part < objectives.minSamples)
    return verdict
  }

  /// A checkpoint is left out where the store never had anything that it is about.
  func clarity(_ evidence: EvidenceSnapshot) -> [Verdict] {
    let checkpoints: [(LabelValue, KeyPath<EvidenceShares, Share>)] = [
      ("architectural", \.architectural), ("procedural", \.procedural),
    ]
    let ever = shares(evidence, Window.allLabel)
    let inRange = shares(evidence, range)
    return checkpoints.compactMap { checkpoint, path in
      guard ever[keyPath: path].count > 0 else { return nil }
      let share = inRange[keyPath: path]
      var verdict = Verdict(
        store: store, indicator: .clarity, subjectKind: .checkpoint, subject: checkpoint,
        range: range, limit: .number(objectives.clarity), comparison: .atLeast,
        samples: share.count, ids: share.ids)
      guard let value = share.value?.roundedToNineDecimals else { return verdict }
      verdict.value = .number(value)
      verdict.state = validator(share.count, isGood: value >= objectives.clarity)
      return verdict
    }
  }

  private func shares(_ evidence: EvidenceSnapshot, _ window: String) -> EvidenceShares {
    evidence.shares.first { $0.window == window }?.shares ?? EvidenceShares()
  }

  /// The state of a value that rests on so many samples, at least one.
  private func validator(_ samples: Int, isGood: Bool) -> Verdict.State {
    if samples < objectives.minSamples { return .tooFew }
    return isGood ? .good : .breached
  }
}
