import Following
import HTTPTypes
import ReflexiveCore

extension APIRoutes {
  var verdicts: Operation {
    Operation(
      path: "/api/v1/verdicts", name: "getVerdicts",
      summary: "The verdicts on all indicators, the worst first",
      parameters: [.store(isRequired: false, Self.storeOrAll), range],
      contents: [.json("Verdicts")], statuses: [.notFound]
    ) { request throws(APIProblem) in
      let range = try request.range()
      let verdicts = try request.stores().flatMap { store in
        StoreReport(
          DetailedSnapshot(store: store.state.snapshot(at: request.now), indicators: nil),
          range: range.label, now: request.now
        ).verdicts
      }
      let judged = verdicts.sorted().map { json($0, range, at: request.now) }
      return .content([JSON.Member("verdicts", .array(judged))], time: request.now)
    }
  }

  var range: Parameter {
    .choice(
      "range", configuration.current.rangeLabels,
      "The range of the verdicts: a window of the configuration, or `all`. The default is `1h`.")
  }

  /// A verdict with a link to the rows behind it.
  func json(_ verdict: Verdict, _ range: PageRange, at now: UnixTime) -> JSON {
    let context = PageContext(
      address: address, telemetryPath: telemetryPath, build: build, now: now, path: "/", query: [],
      refresh: nil)
    return verdict.json(link: address.url(verdict.evidence(context, range)))
  }
}
