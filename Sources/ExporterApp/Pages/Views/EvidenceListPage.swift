import Following
import ReflexiveCore

/// `/evidence`: the rows that a filter asks for, newest first.
struct EvidenceListPage: Sendable {
  let input: PageInput
  let report: StoreReport
  let parameters: EvidenceParameters
  let found: EvidencePage

  init(_ input: PageInput) async throws(PageRefusal) {
    self.input = input
    report = StoreReport(try input.store(), range: Window.allLabel, now: input.now)
    do throws(QueryParameters.Problem) {
      parameters = try EvidenceParameters(input.parameters, now: input.now)
    } catch {
      throw .bad(error)
    }
    let (filter, request) = (parameters.filter, parameters.request)
    found = try await input.answer(parameters) {
      (queries, store) async throws(EvidenceQueries.Failure) in
      try await queries.page(of: store, filter, request)
    }
  }

  var page: Page {
    Page(
      heading: "Evidence", title: "Evidence", section: .evidence,
      content: HTML.joined {
        Tag.p { count }
        EvidenceScope(parameters: parameters, now: input.now).html
        presets
        EvidenceForm(input: input, store: report, parameters: parameters).html
        if found.rows.isEmpty {
          Tag.p { nothing }
        } else {
          EvidenceTable(
            caption: "Rows of store \(visible(report.name)), newest first", rows: found.rows,
            report: report, context: input.context, filter: parameters.filterPairs
          ).html
        }
        paging
        if found.matches != 0 { exports }
      }, live: live)
  }

  private var nothing: String {
    guard found.matches == 0 else { return "There is no row on this page." }
    return parameters.filter.isEmpty
      ? "No evidence yet. The overview says how to write some." : "No row matches the filter."
  }

  /// Only the newest page has new rows to tell of.
  private var live: Page.Live? {
    guard parameters.request.before == nil, parameters.request.after == nil else { return nil }
    return input.live(report, filter: parameters.filterPairs, newest: found.rows.first?.id)
  }

  /// `12 of 5,000,000 rows match.`
  private var count: HTML {
    HTML.joined {
      "Store "
      HTML.name(report.name)
      ": "
      if let matches = found.matches {
        HTML.count(matches)
        if let total = found.rowsTotal, !parameters.filter.isEmpty {
          " of "
          HTML.count(total)
        }
        matches == 1 ? " row" : " rows"
        parameters.filter.isEmpty ? "." : matches == 1 ? " matches." : " match."
      } else {
        "no index is kept (no state directory), so matches are not counted, and a page may be short. "
        "Go on with older rows."
      }
    }
  }

  /// Failures are one click away.
  private var presets: HTML {
    let limit = "\(report.snapshot.objectives.qsr)"
    let consistency = "\(report.snapshot.objectives.consistency)"
    return Tag.nav(.aria(.label, "Kinds of rows")) {
      Tag.ul(.class("choices")) {
        preset("All", [])
        preset("Rejected", [("rejected", "any")])
        preset(
          "Score \u{2264} \(limit)",
          [("event", LabelValue.execution.text), ("score_max", limit)])
        preset(
          "Consistency \u{2264} \(consistency)",
          [("event", LabelValue.evaluation.text), ("consistency_max", consistency)])
      }
    }
  }

  private func preset(_ title: String, _ filter: [(name: String, value: String)]) -> HTML {
    let isCurrent = parameters.filterPairs.elementsEqual(filter) { $0 == $1 }
    let link = input.context.link("/evidence", [("store", report.name)] + filter)
    return Tag.li {
      Tag.a(.href(link), isCurrent ? .aria(.current, "true") : nil) { title }
    }
  }

  private var paging: HTML {
    Tag.nav(.aria(.label, "Pages of evidence")) {
      Tag.ul(.class("choices")) {
        if let previous = found.previous {
          Tag.li { Tag.a(.href(page([]))) { "Newest" } }
          Tag.li { Tag.a(.href(page([("after", previous)])), .rel("prev")) { "Newer rows" } }
        }
        if let next = found.next {
          Tag.li { Tag.a(.href(page([("before", next)])), .rel("next")) { "Older rows" } }
        }
      }
    }
  }

  /// Every row that matches, of this page or another.
  private var exports: HTML {
    Tag.p {
      found.matches.map { $0 == 1 ? "The row as " : "All \(Decimal($0).text) rows as " }
        ?? "All rows as "
      export("CSV", "csv")
      ", "
      export("NDJSON", "ndjson")
      "; this page as "
      export("JSON", nil)
      "."
    }
  }

  private func export(_ title: String, _ format: String?) -> HTML {
    let place = format == nil ? input.context.query.filter { Self.placing.contains($0.name) } : []
    let query =
      [(name: "store", value: report.name)] + parameters.filterPairs + place
      + (format.map { [("format", $0)] } ?? [])
    return Tag.a(.href(input.context.link("/api/v1/evidence", query))) { title }
  }

  private static let placing = EvidenceParameters.pagingNames

  private func page(_ place: [(name: String, id: Int64)]) -> Link {
    let others = input.context.query.filter { $0.name != "before" && $0.name != "after" }
    return input.context.link("/evidence", others + place.map { ($0.name, String($0.id)) })
  }
}
