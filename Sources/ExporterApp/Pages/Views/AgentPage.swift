import Following
import ReflexiveCore

/// `/agent`: the quality of one agent's runs.
struct AgentPage: Sendable {
  let input: PageInput
  let range: PageRange
  let report: StoreReport
  let agent: AgentSnapshot
  let runs: Result<[ListedEvidence], EvidenceQueries.Failure>

  init(_ input: PageInput) async throws(PageRefusal) {
    self.input = input
    range = try input.range()
    report = try input.report(range)
    let name = try input.name("agent")
    agent = try input.find(
      "agent", name, in: report.snapshot, among: { $0.agents }, \.name)
    var filter = EvidenceFilter()
    filter.agent = name
    runs = try await input.rows(filter, limit: RowSection.limit)
  }

  var page: Page {
    Page(
      heading: HTML.joined {
        "Agent "
        HTML.name(agent.name.text)
      }, title: "Agent \(visible(agent.name.text))",
      content: HTML.joined {
        SubjectHeader(
          report: report, range: range, context: input.context,
          verdicts: [
            report.verdict(.qsr, .agent, agent.name), report.verdict(.drop, .agent, agent.name),
          ]
        ).html
        HTML.facts([
          ("Latest score", .score(agent.latest, limit: agent.objective)),
          ("Runs", .count(agent.executions)),
          ("Last run", HTML.time(agent.lastExecution, now: input.now)),
          ("Objective", HTML.plain(agent.objective)),
        ])
        HistoryChart(
          report: report, range: range, kind: .quality, name: agent.name, id: "history",
          title: "Mean QSR", limit: agent.objective, samples: "scores"
        ).html
        RowSection(
          title: "Latest runs", rows: runs, report: report, context: input.context,
          links: [
            ("All runs", evidence([])),
            (
              "Runs at or below the objective",
              evidence([("score_max", "\(agent.objective)")])
            ),
          ]
        ).html
        DropTable(
          drops: agent.drops, objective: agent.objective,
          evidence: evidence, now: input.now, sample: "run",
          falseAlarmRuns: report.snapshot.objectives.drop?.falseAlarmRuns
        ).html
        Tag.h2 { "Windows" }
        WindowTable(
          caption: "Mean QSR by window", averages: agent.averages, labels: range.labels,
          limit: agent.objective, evidence: { evidence($0.query) }
        ).html
        distribution
      }, live: input.live(report, over: range))
  }

  private func evidence(_ query: [(name: String, value: String)]) -> Link {
    input.context.link(
      "/evidence", [("store", report.name), ("agent", agent.name.text)] + query)
  }

  private var distribution: HTML {
    guard let scores = agent.scores else { return .empty }
    return HTML.joined {
      Tag.h2 { "Distribution" }
      Distribution(
        caption: "All scores of the agent's runs; red bars are at or below the objective of "
          + Decimal(short: agent.objective).text,
        scores: scores, limit: agent.objective, evidence: { input.context.row($0, of: report) },
        now: input.now, sample: "run"
      ).html
    }
  }
}
