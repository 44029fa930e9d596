package import ReflexiveCore

/// Selects verdicts by name and indicator. Without any of them, it selects all.
package struct VerdictFilter: Hashable, Sendable {
  package var names: [Verdict.SubjectKind: [LabelValue]]
  package var indicators: Set<Verdict.Indicator>

  /// - Parameter names: the names of agents, gates and subjects.
  package init(
    names: [Verdict.SubjectKind: [LabelValue]] = [:], indicators: Set<Verdict.Indicator> = []
  ) {
    self.names = names.filter { !$0.value.isEmpty }
    self.indicators = indicators
  }

  /// A kind with a name but without any of the indicators; `nil` if there is none.
  package var kindWithoutIndicator: Verdict.SubjectKind? {
    Verdict.SubjectKind.allCases.first { names[$0] != nil && wanted(of: $0).isEmpty }
  }

  /// Whether the subject of a verdict was named.
  func isNamed(_ verdict: Verdict) -> Bool {
    names[verdict.subjectKind]?.contains(verdict.subject) ?? false
  }

  /// Selects verdicts. A name that has none of those asked for gets one without data.
  func apply(
    to verdicts: [Verdict], store: String, objectives: Objectives, range: String
  ) -> [Verdict] {
    var chosen = verdicts.filter { verdict in
      (indicators.isEmpty || indicators.contains(verdict.indicator))
        && (names.isEmpty || isNamed(verdict))
    }
    for (kind, subjects) in names {
      for subject in subjects {
        let known = chosen.filter { $0.subjectKind == kind && $0.subject == subject }
        for indicator in wanted(of: kind)
        where !known.contains(where: { $0.indicator == indicator }) {
          // If no indicator was asked for, a name with any verdict needs no other.
          guard !indicators.isEmpty || known.isEmpty else { continue }
          chosen.append(
            .withoutData(
              indicator, kind, subject, store: store, objectives: objectives, range: range))
        }
      }
    }
    return chosen
  }

  /// The indicators that a name of this kind should have: those asked for, or the one it always
  /// has.
  private func wanted(of kind: Verdict.SubjectKind) -> [Verdict.Indicator] {
    let known = Self.indicators(of: kind)
    return indicators.isEmpty ? Array(known.prefix(1)) : known.filter { indicators.contains($0) }
  }

  /// Every agent, gate or subject has the first one.
  private static func indicators(of kind: Verdict.SubjectKind) -> [Verdict.Indicator] {
    switch kind {
    case .agent: [.qsr, .drop]
    case .gate: [.consistencyStreak, .threshold, .drop]
    case .subject: [.rmm, .drop]
    case .store, .checkpoint: []
    }
  }
}

extension Verdict {
  /// A verdict on a name that the store knows nothing of.
  fileprivate static func withoutData(
    _ indicator: Indicator, _ kind: SubjectKind, _ subject: LabelValue, store: String,
    objectives: Objectives, range: String
  ) -> Verdict {
    let limit: Value =
      switch (indicator, kind) {
      case (.threshold, _): .text(ThresholdState.stalled.rawValue)
      case (.consistencyStreak, _):
        .number(Double(objectives.limits(of: subject).consistencyStreak))
      case (_, .gate): .number(objectives.limits(of: subject).consistency)
      case (_, .subject): .number(objectives.rmm(of: subject))
      default: .number(objectives.qsr(of: subject))
      }
    let comparison: Comparison =
      switch indicator {
      case .threshold: .different
      case .consistencyStreak: .below
      default: .atLeast
      }
    return Verdict(
      store: store, indicator: indicator, subjectKind: kind, subject: subject, range: range,
      limit: limit, comparison: comparison, samples: indicator == .threshold ? nil : 0)
  }
}
