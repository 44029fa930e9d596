import Following
import HTTPTypes
import ReflexiveCore

extension APIRoutes {
  var evidence: Operation {
    Operation(
      path: "/api/v1/evidence", name: "listEvidence",
      summary: "The rows that match a filter",
      description:
        "Filters apply together. `json` answers with one page, newest rows first. `ndjson` and "
        + "`csv` stream all matches in order of id, and end with a mark: "
        + "`{\"end\":true,\"rows\":n}`, or a last line `# end,n`. Without it the export is not complete.",
      parameters: [storeOfSeveral] + Parameter.filters + [
        .id("before", "Rows with an id below this."),
        .id("after", "Rows with an id above this. Without `before`, the rows next to it."),
        .limit,
        .choice("format", EvidenceFormat.allCases.map(\.rawValue), "The default is `json`."),
      ],
      contents: [
        .json("EvidencePage"),
        Operation.Content(mediaType: "application/x-ndjson", schema: ["type": "string"]),
        Operation.Content(mediaType: "text/csv", schema: ["type": "string"]),
      ], statuses: [.notFound, .serviceUnavailable]
    ) { request throws(APIProblem) in
      let store = try request.store()
      let parameters = try request.evidenceParameters()
      switch try request.format() {
      case .json: return try await page(of: store, parameters, request)
      case .ndjson: return try await export(store, parameters, .ndjson)
      case .csv: return try await export(store, parameters, .csv)
      }
    }
  }

  var storeOfSeveral: Parameter {
    .store(
      isRequired: registry.stores.count != 1,
      "The name of a store. It may be left out while one store is followed.")
  }

  private func page(
    of store: FollowedStore, _ parameters: EvidenceParameters, _ request: APIRequest
  ) async throws(APIProblem) -> APIAnswer {
    let page = try await queries.answer(parameters) {
      (queries) async throws(EvidenceQueries.Failure) in
      try await queries.page(of: store, parameters.filter, parameters.request)
    }
    func path(_ name: String, _ id: Int64?) -> JSON {
      guard let id else { return .null }
      let others = request.parameters.pairs.filter {
        $0.name != "before" && $0.name != "after" && !$0.value.isEmpty
      }
      return .text(address.link("/api/v1/evidence", others + [(name, String(id))]).text)
    }
    return .content([
      JSON.Member("store", .text(store.name)),
      JSON.Member("rows", .array(page.rows.map(\.json))),
      JSON.Member("matches", .integer(ifKnown: page.matches)),
      JSON.Member("rows_total", .integer(ifKnown: page.rowsTotal)),
      JSON.Member("complete", .bool(page.isComplete)),
      JSON.Member("next", path("before", page.next)),
      JSON.Member("previous", path("after", page.previous)),
    ])
  }
}

/// The formats in which rows are answered.
enum EvidenceFormat: String, CaseIterable, Sendable {
  case json, ndjson, csv
}

extension APIRequest {
  /// The requested format. An export has all matches, so it refuses a limit.
  fileprivate func format() throws(APIProblem) -> EvidenceFormat {
    let text = parameters["format"]
    guard let format = text.map({ EvidenceFormat(rawValue: $0) }) ?? .json else {
      throw .bad(
        QueryParameters.Problem(
          parameter: "format", value: text, reason: "expected json, ndjson or csv"))
    }
    if format != .json, let limit = parameters["limit"] {
      throw .bad(
        QueryParameters.Problem(
          parameter: "limit", value: limit,
          reason: "\(format.rawValue) has all matches: expected no limit"))
    }
    return format
  }
}
