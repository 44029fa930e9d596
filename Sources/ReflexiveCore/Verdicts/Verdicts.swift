/// The rules for what is good. Pages, the API and `check` use them, and the alert rules agree with
/// them.
///
/// Each verdict takes its number from the snapshot:
///
/// - `qsr`, `rmm`: ``WindowAverage``, the mean that `reflexive_qsr_average`,
///   `reflexive_store_qsr_average` and `reflexive_rmm_average` serve.
/// - `consistency_streak`: ``WindowStreak``, the longest streak that reaches into the range.
/// - `drop`: the active drop, whatever the range. `reflexive_qsr_drop_mean` and its counterparts
///   for gates and subjects serve it.
/// - `threshold`: the state that `reflexive_gate_threshold_state` serves, whatever the range.
/// - `rejected`, `clarity`: ``EvidenceShares``.
///
/// A range is a window of the snapshot, named by its label. A daemon's windows move with the clock,
/// and their old edge is off by at most 1/256 of their length. `check` reads a store once and uses
/// a window with an exact ``Window/Start``.
package enum Verdicts {
  /// The greatest share of rejected rows that is good, as in the alert rule
  /// ReflexiveEvidenceRejected.
  package static let rejectedLimit = 0.01

  /// - Parameters:
  ///   - evidence: the snapshot of one store.
  ///   - store: the name of the store.
  ///   - objectives: the store's limits.
  ///   - range: the label of one of the snapshot's windows, or ``Window/allLabel``.
  /// - Returns: the verdicts in the order in which they are shown.
  package static func make(
    _ evidence: EvidenceSnapshot, store: String, objectives: Objectives, range: String
  ) -> [Verdict] {
    let maker = VerdictMaker(store: store, range: range, objectives: objectives)
    let storeWide = [maker.storeQuality(evidence), maker.rejected(evidence)]
    let verdicts =
      maker.agents(evidence) + maker.streaks(evidence) + maker.thresholds(evidence)
      + maker.subjects(evidence) + maker.drops(evidence) + maker.clarity(evidence) + storeWide
    return verdicts.sorted()
  }
}

/// Makes the verdicts of one store and range, with one function per indicator.
private struct VerdictMaker {
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
    verdict.state = state(average.samples, isGood: value >= limit)
    return verdict
  }

  /// A gate without a streak in the range has one of length 0, if it has a consistency there.
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

  /// Leaves out gates that never had a threshold with a readable time.
  func thresholds(_ evidence: EvidenceSnapshot) -> [Verdict] {
    evidence.gates.compactMap { gate in
      guard let state = gate.own?.thresholdState else { return nil }
      return Verdict(
        store: store, indicator: .threshold, subjectKind: .gate, subject: gate.name, range: range,
        value: .text(state.rawValue), limit: .text(ThresholdState.stalled.rawValue),
        comparison: .different, samples: nil, state: state == .stalled ? .breached : .good)
    }
  }

  /// Leaves out `_other`, and names without a usable score.
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

  /// - Parameter averages: the averages of the watched scores, with the last row of an active drop.
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

  /// Fewer rejected rows than `min_samples` are good, whatever their share.
  func rejected(_ evidence: EvidenceSnapshot) -> Verdict {
    let limit = Verdicts.rejectedLimit
    let share = shares(evidence, range).rejected
    var verdict = Verdict(
      store: store, indicator: .rejected, subjectKind: .store, subject: LabelValue(store),
      range: range, limit: .number(limit), comparison: .atMost, samples: share.count,
      ids: share.ids)
    guard let value = share.value?.roundedToNineDecimals else { return verdict }
    verdict.value = .number(value)
    verdict.state = state(
      share.count, isGood: value <= limit || share.part < objectives.minSamples)
    return verdict
  }

  /// Leaves out a checkpoint if the store never had an execution or evaluation for it.
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
      verdict.state = state(share.count, isGood: value >= objectives.clarity)
      return verdict
    }
  }

  private func shares(_ evidence: EvidenceSnapshot, _ window: String) -> EvidenceShares {
    evidence.shares.first { $0.window == window }?.shares ?? EvidenceShares()
  }

  /// The state of a value with this many samples, at least one.
  private func state(_ samples: Int, isGood: Bool) -> Verdict.State {
    if samples < objectives.minSamples { return .tooFew }
    return isGood ? .good : .breached
  }
}
