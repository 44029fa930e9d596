import Following
import ReflexiveCore

/// Agents, gates and subjects with their values, limits, samples and trends; what needs a look comes
/// first.
struct IndicatorTables: Sendable {
  /// Rows of each table, if not all are asked for.
  static let rowLimit = 50

  let reports: [StoreReport]
  let range: PageRange
  let context: PageContext
  /// The table that is to have all rows: `agents`, `gates` or `subjects`.
  let all: String?

  var html: HTML {
    HTML.joined {
      section(Self.sections[0], agentColumns, verdicts(.qsr, .agent).map(agentRow))
      section(Self.sections[1], gateColumns, verdicts(.consistencyStreak, .gate).map(gateRow))
      section(Self.sections[2], subjectColumns, verdicts(.rmm, .subject).map(subjectRow))
    }
  }

  static let sections = [
    (id: "agents", title: "Agents"), (id: "gates", title: "Gates"),
    (id: "subjects", title: "Reflexive maturity (RMM)"),
  ]

  private func verdicts(
    _ indicator: Verdict.Indicator, _ kind: Verdict.SubjectKind
  ) -> [(StoreReport, Verdict)] {
    reports.flatMap { report in
      report.verdicts.filter { $0.indicator == indicator && $0.subjectKind == kind }
        .map { (report, $0) }
    }.sorted { $0.1 < $1.1 }
  }

  private func section(
    _ section: (id: String, title: String), _ columns: [DataTable.Column], _ rows: [DataTable.Row]
  ) -> HTML {
    let (id, title) = section
    let isKnown = reports.allSatisfy { $0.snapshot.evidence != nil }
    let shown = all == id ? rows : Array(rows.prefix(Self.rowLimit))
    return Tag.section(.aria(.labelledBy, id)) {
      Tag.h2(.id(id)) { title }
      if rows.isEmpty {
        Tag.p(.class("muted")) {
          isKnown ? "None yet." : "None is known: not every store has been read."
        }
      } else {
        DataTable(
          caption: "\(title), \(range.words)", columns: columns + storeColumn, rows: shown
        ).html
        if shown.count < rows.count {
          Tag.p {
            "\(shown.count) of \(Decimal(rows.count).text) are shown, the worst first. "
            Tag.a(.href(context.here(with: "all", id))) { "Show all \(id)" }
          }
        }
      }
    }
  }

  private var storeColumn: [DataTable.Column] { reports.count > 1 ? [.text("Store")] : [] }

  private func storeCell(_ report: StoreReport) -> [HTML] {
    reports.count > 1 ? [.name(report.name)] : []
  }

  // MARK: - Agents

  private var agentColumns: [DataTable.Column] {
    [
      .text("Agent"), .text("State"), .number("Mean QSR"), .text("Limit"), .number("Samples"),
      .number("Latest"), .text("Trend"), .text("Last run", isWide: true),
    ]
  }

  private func agentRow(_ report: StoreReport, _ verdict: Verdict) -> DataTable.Row {
    let agent = report.snapshot.evidence?.agents.first { $0.name == verdict.subject }
    return DataTable.Row(
      cells: common(verdict) + [
        .score(agent?.latest, limit: agent?.objective),
        trend(report, .quality, verdict.subject, limit: agent?.objective),
        HTML.time(agent?.lastExecution, now: context.now),
      ] + storeCell(report), isBreached: verdict.state == .breached)
  }

  // MARK: - Gates

  private var gateColumns: [DataTable.Column] {
    [
      .text("Gate"), .text("Streak"), .number("Longest streak"), .text("Limit"), .number("Samples"),
      .number("Current streak"), .number("Mean consistency"), .text("Trend"), .text("Threshold"),
      .text("Last decision", isWide: true),
    ]
  }

  private func gateRow(_ report: StoreReport, _ verdict: Verdict) -> DataTable.Row {
    let gate = report.snapshot.evidence?.gates.first { $0.name == verdict.subject }
    let threshold = report.verdict(.threshold, .gate, verdict.subject)
    let average = gate?.consistencyAverages.first { $0.window == range.label }
    return DataTable.Row(
      cells: common(verdict) + [
        (gate?.own?.lowConsistencyStreak).map { .count($0) } ?? "–",
        HTML.joined {
          HTML.score(average?.mean, limit: gate?.limits.consistency)
          if let limit = gate?.limits.consistency {
            " "
            Tag.small {
              "(at least "
              HTML.plain(limit)
              ")"
            }
          }
        },
        trend(report, .consistency, verdict.subject, limit: gate?.limits.consistency),
        thresholdCell(gate, threshold),
        HTML.time(gate?.lastEvaluation, now: context.now),
      ] + storeCell(report),
      isBreached: verdict.state == .breached || threshold?.state == .breached)
  }

  private func thresholdCell(_ gate: GateSnapshot?, _ verdict: Verdict?) -> HTML {
    HTML.joined {
      HTML.score(gate?.own?.threshold)
      if let verdict, case .text(let state)? = verdict.value {
        " "
        HTML.state(verdict.state, state)
      }
    }
  }

  // MARK: - Subjects

  private var subjectColumns: [DataTable.Column] {
    [
      .text("Subject"), .text("State"), .number("Mean RMM"), .text("Limit"), .number("Samples"),
      .number("Latest"), .text("Trend"), .number("Change per day"),
    ]
  }

  private func subjectRow(_ report: StoreReport, _ verdict: Verdict) -> DataTable.Row {
    let subject = report.snapshot.evidence?.subjects.first { $0.name == verdict.subject }
    return DataTable.Row(
      cells: common(verdict) + [
        .score(subject?.latest, limit: subject?.objective),
        trend(report, .maturity, verdict.subject, limit: subject?.objective),
        .change(subject?.progressionPerDay),
      ] + storeCell(report), isBreached: verdict.state == .breached)
  }

  // MARK: - Cells of all tables

  private func common(_ verdict: Verdict) -> [HTML] {
    [
      verdict.linkedName(context), .state(verdict.state),
      verdict.valueText, verdict.limitText,
      verdict.samples.map { .count($0) } ?? "–",
    ]
  }

  private func trend(
    _ report: StoreReport, _ kind: HistoryKind, _ name: LabelValue, limit: Double?
  ) -> HTML {
    guard let window = range.charted, let indicators = report.indicators, let limit else {
      return .empty
    }
    return Sparkline(
      points: indicators.history(kind, of: name, window: window.label, at: context.now),
      limit: limit, range: window.label, length: window.length, now: context.now
    ).html
  }
}
