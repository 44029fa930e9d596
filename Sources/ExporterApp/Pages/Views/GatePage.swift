import Following
import ReflexiveCore

/// `/gate`: how sure one gate is of itself, and what its threshold does.
struct GatePage: Sendable {
  let input: PageInput
  let range: PageRange
  let report: StoreReport
  let gate: GateSnapshot
  /// The latest evaluations, as many as the chart shows.
  let decisions: Result<[ListedEvidence], EvidenceQueries.Failure>
  /// Evaluations of the streak that goes on, or of the last one.
  let streakRuns: Result<[ListedEvidence], EvidenceQueries.Failure>

  init(_ input: PageInput) async throws(PageRefusal) {
    self.input = input
    range = try input.range()
    report = try input.report(range)
    let name = try input.name("gate")
    gate = try input.find(
      "gate", name, in: report.snapshot, among: { $0.gates }, \.name)
    var filter = EvidenceFilter()
    filter.gate = name
    decisions = try await input.rows(filter, limit: 100)
    guard let ids = gate.own?.latestStreak?.ids else {
      streakRuns = .success([])
      return
    }
    let (after, before) = ids.around
    streakRuns = try await input.rows(
      filter, after: after, before: before, limit: RowSection.limit)
  }

  var page: Page {
    Page(
      heading: HTML.joined {
        "Gate "
        HTML.name(gate.name.text)
      }, title: "Gate \(visible(gate.name.text))",
      content: HTML.joined {
        SubjectHeader(
          report: report, range: range, context: input.context,
          verdicts: [
            report.verdict(.consistencyStreak, .gate, gate.name),
            report.verdict(.drop, .gate, gate.name),
            report.verdict(.threshold, .gate, gate.name),
          ]
        ).html
        HTML.facts(facts)
        if let streak = gate.own?.latestStreak { self.streak(streak) }
        ThresholdChart(rows: decisions, now: input.now).html
        HistoryChart(
          report: report, range: range, kind: .consistency, name: gate.name, id: "consistency",
          title: "Mean consistency", limit: gate.limits.consistency, samples: "evaluations"
        ).html
        HistoryChart(
          report: report, range: range, kind: .threshold, name: gate.name, id: "threshold",
          title: "Mean threshold", samples: "evaluations"
        ).html
        RowSection(
          title: "Latest decisions", rows: decisions, report: report, context: input.context,
          links: [
            ("All decisions", evidence([])),
            (
              "Consistency at or below the objective",
              evidence([("consistency_max", "\(gate.limits.consistency)")])
            ),
          ]
        ).html
        DropTable(
          drops: gate.own?.drops, objective: gate.limits.consistency,
          evidence: evidence, now: input.now, sample: "evaluation",
          falseAlarmRuns: report.snapshot.objectives.drop?.falseAlarmRuns
        ).html
        windows
        distribution
      }, live: input.live(report, over: range))
  }

  private var facts: [(String, HTML)] {
    [
      ("Latest consistency", .score(gate.own?.consistency, limit: gate.limits.consistency)),
      ("Latest confidence", .score(gate.own?.confidence)),
      ("Latest threshold", .score(gate.own?.threshold)),
      (
        "Threshold moved",
        (gate.own?.thresholdMoves).map { .text(Decimal.counted($0, "time")) } ?? "–"
      ),
      ("Last move", HTML.time(gate.own?.lastThresholdMove, now: input.now)),
      ("Evaluations", .count(gate.evaluations)),
      ("Calibration needed", .text(Decimal.counted(gate.calibrationsNeeded, "time"))),
      ("Last evaluation", HTML.time(gate.lastEvaluation, now: input.now)),
      (
        "Breaching streaks",
        (gate.own?.lowConsistencyBreaches).map { .count($0) } ?? "–"
      ),
    ]
  }

  private func streak(_ streak: Streak) -> HTML {
    let goesOn = (gate.own?.lowConsistencyStreak ?? 0) > 0
    return HTML.joined {
      Tag.h2 { goesOn ? "Current streak" : "Last streak" }
      Tag.p {
        "\(Decimal.counted(streak.length, "evaluation")) in a row with a consistency below "
        HTML.plain(gate.limits.consistency)
        ", "
        Tag.a(.href(evidence(streak.ids.query))) {
          "evidence "
          HTML.ids(streak.ids)
        }
        if let start = streak.start {
          ", since "
          HTML.time(start, now: input.now)
        }
        ". A streak has to stay below \(Decimal(gate.limits.consistencyStreak).text)."
      }
      RowSection(
        title: nil, rows: streakRuns, report: report, context: input.context, links: []
      ).html
    }
  }

  private var windows: HTML {
    HTML.joined {
      Tag.h2 { "Windows" }
      WindowTable(
        caption: "Mean consistency by window", averages: gate.consistencyAverages,
        labels: range.labels, limit: gate.limits.consistency, evidence: { evidence($0.query) }
      ).html
      DataTable(
        caption: "Threshold and longest streak by window",
        columns: [
          .text("Window"), .number("Mean threshold"), .number("Drift"), .number("Longest streak"),
          .text("Evidence of the streak"),
        ], rows: range.labels.map(windowRow)
      ).html
    }
  }

  private func windowRow(_ label: String) -> DataTable.Row {
    let streak = gate.own?.longestStreaks.first { $0.window == label }?.streak
    return DataTable.Row(cells: [
      .text(label == Window.allLabel ? "all rows" : label),
      .score(gate.thresholdAverages.first { $0.window == label }?.mean),
      .change(gate.own?.thresholdDrifts.first { $0.window == label }?.drift),
      streak.map { .count($0.length) } ?? "–",
      streak.map { streak in
        Tag.a(.href(evidence(streak.ids.query))) { HTML.ids(streak.ids) }
      } ?? "–",
    ])
  }

  private func evidence(_ query: [(name: String, value: String)]) -> Link {
    input.context.link("/evidence", [("store", report.name), ("gate", gate.name.text)] + query)
  }

  private var distribution: HTML {
    guard let scores = gate.scores else { return .empty }
    return HTML.joined {
      Tag.h2 { "Distribution" }
      Distribution(
        caption: "All quality scores that the gate gave", scores: scores, limit: nil,
        evidence: { input.context.row($0, of: report) }, now: input.now, sample: "evaluation"
      ).html
    }
  }
}
