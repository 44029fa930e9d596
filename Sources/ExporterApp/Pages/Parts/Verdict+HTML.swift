import Following
import ReflexiveCore

extension Verdict {
  /// What is judged, in words: `QSR of agent `, before its name.
  var words: String {
    switch (indicator, subjectKind) {
    case (.qsr, .store): "QSR of store "
    case (.qsr, _): "QSR of agent "
    case (.consistencyStreak, _): "Streak of low consistency of gate "
    case (.drop, .gate): "Drop in consistency of gate "
    case (.drop, .subject): "Drop in maturity (RMM) of "
    case (.drop, _): "Drop in QSR of agent "
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

  /// The rows that made it what it is.
  func evidence(_ context: PageContext, _ range: PageRange) -> Link {
    var query = [(name: "store", value: store)]
    let limit =
      if case .number(let limit) = self.limit { "\(limit)" } else { "" }
    switch (indicator, subjectKind) {
    case (.qsr, .agent): query += [("agent", subject.text), ("score_max", limit)]
    case (.qsr, _): query += [("event", LabelValue.execution.text), ("score_max", limit)]
    case (.consistencyStreak, _):
      return context.link("/evidence", query + [("gate", subject.text)] + (ids?.query ?? []))
    case (.threshold, _): return context.link("/evidence", query + [("gate", subject.text)])
    case (.drop, _): return context.link("/evidence", query + dropQuery)
    case (.rmm, _): query += [("subject", subject.text), ("rmm_max", limit)]
    case (.rejected, _): query.append(("rejected", "any"))
    case (.clarity, _): break
    }
    if let window = range.windows.first(where: { $0.label == self.range }) {
      query.append(("since", "\(Decimal(window.length, places: 3).text)s"))
    }
    return context.link("/evidence", query)
  }

  /// The scores since a drop began; all where none lasts.
  private var dropQuery: [(name: String, value: String)] {
    let whose: [(name: String, value: String)] =
      switch subjectKind {
      case .gate: [("gate", subject.text), ("consistency_min", "0")]
      case .subject: [("subject", subject.text)]
      default: [("agent", subject.text), ("score_min", "0")]
      }
    return whose + (ids?.around.after.map { [("after", String($0))] } ?? [])
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
    guard let onset = onset(of: verdict) else { return .text(unknownOnset(verdict)) }
    return HTML.joined {
      if verdict.indicator == .threshold { "not moved since " }
      // The first row of a drop is an estimate.
      if verdict.indicator == .drop { "about " }
      if case .within = onset.precision { "about " }
      HTML.time(onset.time, now: now)
      if onset.precision == .atTheLatest { " or earlier" }
      if verdict.indicator == .consistencyStreak { isOver(verdict) ? ", ended" : ", ongoing" }
    }
  }

  /// What is kept reaches no further back than the longest window.
  private func unknownOnset(_ verdict: Verdict) -> String {
    switch verdict.indicator {
    case .consistencyStreak, .drop, .threshold: "not known"
    case .qsr, .rmm, .rejected, .clarity:
      verdict.range == Window.allLabel
        ? "not tracked over all rows" : "not tracked over \(verdict.range)"
    }
  }

  /// Whether the verdict is of a streak that its gate is not in any more.
  func isOver(_ verdict: Verdict) -> Bool {
    guard verdict.indicator == .consistencyStreak else { return false }
    let own = snapshot.evidence?.gates.first { $0.name == verdict.subject }?.own
    guard let own, own.lowConsistencyStreak > 0 else { return true }
    return own.latestStreak?.ids != verdict.ids
  }
}

extension HTML {
  /// Links to the same page over each range.
  static func rangeChoice(_ range: PageRange, _ context: PageContext) -> HTML {
    Tag.nav(.aria(.label, "Range")) {
      Tag.ul(.class("choices")) {
        Tag.li { "Range" }
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
          Tag.dd { description == .empty ? "–" : description }
        }
      }
    }
  }
}
