import Following
import ReflexiveCore

extension Verdict {
  /// What is judged, in words: `QSR of agent `, before its name.
  var words: String {
    switch (indicator, subjectKind) {
    case (.qsr, .store): "QSR of store "
    case (.qsr, _): "QSR of agent "
    case (.consistencyStreak, _): "Streak of low consistency of gate "
    case (.threshold, _): "Threshold of gate "
    case (.rmm, _): "Maturity (RMM) of "
    case (.rejected, _): "Rejected evidence of store "
    case (.clarity, _): "Clarity, "
    }
  }

  /// The page of what is judged.
  func link(_ context: PageContext) -> Link? {
    let parameter: String
    switch subjectKind {
    case .agent: parameter = "agent"
    case .gate: parameter = "gate"
    case .subject: parameter = "subject"
    case .store, .checkpoint: return nil
    }
    var query = [(name: "store", value: store), (parameter, subject.text)]
    if let range = context.query.first(where: { $0.name == "range" }) { query.append(range) }
    return context.link("/" + parameter, query)
  }

  func linkedName(_ context: PageContext) -> HTML {
    guard let link = link(context) else { return .name(subject.text) }
    return Tag.a(.href(link)) { HTML.name(subject.text) }
  }
}

extension StoreReport {
  /// Since when a verdict is breached, in words; nothing for one that is not.
  func since(_ verdict: Verdict) -> HTML {
    guard verdict.state == .breached else { return .empty }
    guard let onset = onset(of: verdict) else { return "not known" }
    return HTML.joined {
      if verdict.indicator == .threshold { "not moved since " }
      if case .within = onset.precision { "about " }
      HTML.time(onset.time, now: now)
      if onset.precision == .atTheLatest { " or earlier" }
      if verdict.indicator == .consistencyStreak { goesOn(verdict) ? ", goes on" : ", has ended" }
    }
  }

  /// Whether the streak of a verdict is the one that its gate is in.
  private func goesOn(_ verdict: Verdict) -> Bool {
    let own = snapshot.evidence?.gates.first { $0.name == verdict.subject }?.own
    guard let own, own.lowConsistencyStreak > 0 else { return false }
    return own.latestStreak?.ids == verdict.ids
  }
}

extension HTML {
  /// Links to the same page over each range.
  static func rangeChoice(_ range: PageRange, _ context: PageContext) -> HTML {
    Tag.nav(.aria(.label, "Range")) {
      Tag.ul(.class("choices")) {
        Tag.li { "Numbers over" }
        for label in range.labels {
          Tag.li {
            Tag.a(
              .href(context.here(with: "range", label)),
              label == range.label ? .aria(.current, "true") : nil
            ) { label == Window.allLabel ? "all rows" : label }
          }
        }
      }
    }
  }

  /// Pairs of a term and what it is.
  static func facts(_ facts: [(String, HTML)]) -> HTML {
    Tag.dl(.class("facts")) {
      for (term, description) in facts {
        Tag.div {
          Tag.dt { term }
          Tag.dd { description }
        }
      }
    }
  }
}
