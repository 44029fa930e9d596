import Following
import ReflexiveCore

/// `/subject`: the reflexive maturity of one agent or gate.
struct SubjectPage: Sendable {
  let input: PageInput
  let range: PageRange
  let report: StoreReport
  let subject: SubjectSnapshot
  let rows: Result<[ListedEvidence], EvidenceQueries.Failure>

  init(_ input: PageInput) async throws(PageRefusal) {
    self.input = input
    range = try input.range()
    report = try input.report(range)
    let name = try input.name("subject")
    subject = try input.find(
      "subject", name, in: report.snapshot, among: { $0.subjects }, \.name)
    var filter = EvidenceFilter()
    filter.subject = name
    rows = try await input.rows(filter, limit: RowSection.limit)
  }

  var page: Page {
    Page(
      heading: HTML.joined {
        "Maturity of "
        HTML.name(subject.name.text)
      }, title: "Maturity of \(visible(subject.name.text))",
      content: HTML.joined {
        SubjectHeader(
          report: report, range: range, context: input.context,
          verdicts: [
            report.verdict(.rmm, .subject, subject.name),
            report.verdict(.drop, .subject, subject.name),
          ]
        ).html
        HTML.facts([
          ("Latest score", .score(subject.latest, limit: subject.objective)),
          ("Change per day, over 7 days", .change(subject.progressionPerDay)),
          ("Objective", HTML.plain(subject.objective)),
        ])
        HistoryChart(
          report: report, range: range, kind: .maturity, name: subject.name, id: "history",
          title: "Mean maturity", limit: subject.objective, samples: "scores"
        ).html
        RowSection(
          title: "Latest rows", rows: rows, report: report, context: input.context,
          links: [
            ("All rows", evidence([])),
            ("Rows at or below the objective", evidence([("rmm_max", "\(subject.objective)")])),
          ]
        ).html
        DropTable(
          drops: subject.drops, objective: subject.objective,
          evidence: evidence, now: input.now, sample: "score",
          falseAlarmRuns: report.snapshot.objectives.drop?.falseAlarmRuns
        ).html
        Tag.h2 { "Windows" }
        WindowTable(
          caption: "Mean maturity by window", averages: subject.averages, labels: range.labels,
          limit: subject.objective, evidence: { evidence($0.query) }
        ).html
      }, live: input.live(report, over: range))
  }

  private func evidence(_ query: [(name: String, value: String)]) -> Link {
    input.context.link(
      "/evidence", [("store", report.name), ("subject", subject.name.text)] + query)
  }
}
