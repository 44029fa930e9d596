import ConfigurationFiles
import Following
import HTTPTypes
import ReflexiveCore

/// `/evidence/ID`: one row, what was read from it, and where it belongs.
struct EvidenceRowPage: Sendable {
  let input: PageInput
  let report: StoreReport
  let parameters: EvidenceParameters
  let row: ListedEvidence
  let payload: [UInt8]?
  let neighbours: EvidenceNeighbours
  /// Evaluations of the same gate around the row, in the order of their ids; none for other rows.
  let around: [ListedEvidence]

  init(_ input: PageInput, id text: String) async throws(PageRefusal) {
    self.input = input
    report = StoreReport(try input.store(), range: Window.allLabel, now: input.now)
    do throws(QueryParameters.Problem) {
      parameters = try EvidenceParameters(input.parameters, now: input.now)
    } catch {
      throw .bad(error)
    }
    guard let id = Int64(text) else { throw Self.never(text, report, input) }
    let found = try await input.answer(parameters) {
      (queries, store) async throws(EvidenceQueries.Failure) in
      try await queries.row(id, of: store)
    }
    switch found {
    case .found(let stored): (row, payload) = (stored.row, stored.payload)
    case .gone: throw Self.gone(id, report, input)
    case .never: throw Self.never(text, report, input)
    }
    let filter = parameters.filter.isEmpty ? EvidenceFilter(alike: row) : parameters.filter
    neighbours = try await input.answer(parameters) {
      (queries, store) async throws(EvidenceQueries.Failure) in
      try await queries.neighbours(of: id, in: store, filter)
    }
    around = try await Self.around(row, input, parameters)
  }

  /// The streak that a row is in is looked for among so many evaluations before, and after it.
  private static let reach = 100

  private static func around(
    _ row: ListedEvidence, _ input: PageInput, _ parameters: EvidenceParameters
  ) async throws(PageRefusal) -> [ListedEvidence] {
    guard row.gate != nil, row.consistency != nil else { return [] }
    let filter = EvidenceFilter(alike: row)
    let id = row.id
    return try await input.answer(parameters) {
      (queries, store) async throws(EvidenceQueries.Failure) in
      let older = try await queries.page(
        of: store, filter, PageRequest(before: id, limit: reach, isCounting: false))
      let newer = try await queries.page(
        of: store, filter, PageRequest(after: id, limit: reach, isCounting: false))
      return older.rows.reversed() + [row] + newer.rows.reversed()
    }
  }

  private static func gone(
    _ id: Int64, _ report: StoreReport, _ input: PageInput
  ) -> PageRefusal {
    PageRefusal(
      page: Page(
        status: .gone, heading: .text("There is no evidence \(id)"),
        title: "There is no evidence \(id)", section: .evidence,
        content: HTML.joined {
          Tag.p {
            "Store "
            HTML.name(report.name)
            " has no row \(id). Rows with ids as high have been read, so it was deleted, or never "
            "written."
          }
          newest(report, input)
        }))
  }

  private static func never(
    _ id: String, _ report: StoreReport, _ input: PageInput
  ) -> PageRefusal {
    PageRefusal(
      page: Page(
        status: .notFound, heading: "No such evidence", title: "No such evidence",
        section: .evidence,
        content: HTML.joined {
          Tag.p {
            "Store "
            HTML.name(report.name)
            " has no row "
            HTML.name(abridged(id))
            if Int64(id) == nil {
              ": an id is a whole number."
            } else if report.snapshot.status.tailID == 0 {
              ": no row has been read from it yet."
            } else {
              ": the highest id that was read is \(report.snapshot.status.tailID)."
            }
          }
          newest(report, input)
        }))
  }

  private static func newest(_ report: StoreReport, _ input: PageInput) -> HTML {
    Tag.p {
      Tag.a(.href(input.context.link("/evidence", [("store", report.name)]))) {
        "Newest evidence"
      }
    }
  }

  var page: Page {
    Page(
      heading: .text("Evidence \(row.id)"), title: "Evidence \(row.id)", section: .evidence,
      content: HTML.joined {
        navigation
        HTML.facts(facts)
        if let rejection = row.rejection { rejected(rejection) }
        EvidencePlace(row: row, around: around, report: report, input: input).html
        PayloadView(payload: payload, rejection: row.rejection).html
      })
  }

  private var navigation: HTML {
    let ofWhom = parameters.filter.isEmpty ? row.kindWords : "under the filter"
    return Tag.nav(.aria(.label, "Rows beside this one")) {
      Tag.ul(.class("choices")) {
        if let newer = neighbours.newer {
          Tag.li { Tag.a(.href(link(newer)), .rel("prev")) { "Newer row \(ofWhom)" } }
        }
        if let older = neighbours.older {
          Tag.li { Tag.a(.href(link(older)), .rel("next")) { "Older row \(ofWhom)" } }
        }
        Tag.li {
          let query = [(name: "store", value: report.name)] + parameters.filterPairs
          Tag.a(.href(input.context.link("/evidence", query))) { "All rows" }
        }
      }
    }
  }

  private func link(_ id: Int64) -> Link {
    input.context.link(
      "/evidence/\(id)", [("store", report.name)] + parameters.filterPairs)
  }

  private var facts: [(String, HTML)] {
    var facts: [(String, HTML)] = [
      ("Store", .name(report.name)), ("Event", .event(row.event.text)),
      ("Evidence time", row.time.map { HTML.time($0, now: input.now) } ?? "not readable"),
    ]
    if let agent = row.agent { facts.append(("Agent", named("agent", agent))) }
    if let gate = row.gate { facts.append(("Gate", named("gate", gate))) }
    if row.agent != nil || row.gate != nil || row.score != nil {
      facts.append(("Score", .score(row.score, below: report.objective(of: row))))
    }
    if row.gate != nil {
      facts += [
        ("Consistency", .score(row.consistency, below: report.consistencyLimit(of: row))),
        ("Confidence", .score(row.confidence)),
        (
          "Calibration needed",
          row.calibrationNeeded.map { $0 ? "yes" : "no" } ?? "–"
        ), ("Threshold", .score(row.threshold)),
      ]
    }
    if let subject = row.subject {
      facts += [
        ("RMM", .score(row.maturity, below: report.maturityLimit(of: row))),
        ("Subject of RMM", named("subject", subject)),
      ]
    }
    return facts
  }

  private func named(_ kind: String, _ name: LabelValue) -> HTML {
    Tag.a(.href(input.context.link("/\(kind)", [("store", report.name), (kind, name.text)]))) {
      HTML.name(name.text)
    }
  }

  private func rejected(_ rejection: Rejection) -> HTML {
    Tag.p(.class("alarm")) {
      HTML.state(.breached, "Rejected: \(rejection.rawValue)")
      ". \(rejection.explanation)"
    }
  }
}

extension ListedEvidence {
  fileprivate var kindWords: String {
    agent != nil ? "of this agent" : gate != nil ? "of this gate" : "of this event"
  }
}

extension EvidenceFilter {
  /// Rows of the same agent, gate or event.
  init(alike row: ListedEvidence) {
    self.init()
    if let agent = row.agent {
      self.agent = agent
    } else if let gate = row.gate {
      self.gate = gate
    } else {
      event = row.event
    }
  }
}

extension Rejection {
  /// What is wrong, and what of the row counts all the same.
  fileprivate var explanation: String {
    switch self {
    case .tooLarge:
      "The payload is over the limit, and was not read. The row itself counts."
    case .invalidJSON: "The payload is not one JSON value in UTF-8. The row itself counts."
    case .notObject: "The payload is JSON, but no object. The row itself counts."
    case .badTimestamp:
      "It has no time that can be read, so it is in no bounded window. Everything else counts."
    case .futureTimestamp:
      "Its time is more than 5 minutes ahead of the clock. It counts, and enters the windows when "
        + "the clock gets there."
    case .wrongType: "A field that is used has another type. Every other field counts."
    case .nonFinite: "A score is NaN, infinite or too large. Every other field counts."
    case .outOfRange: "A score is outside of 0 to 1. Every other field counts."
    }
  }
}
