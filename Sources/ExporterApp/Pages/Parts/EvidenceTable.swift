import Following
import ReflexiveCore

/// Rows of evidence, newest first.
struct EvidenceTable: Sendable {
  let caption: String
  let rows: [ListedEvidence]
  let report: StoreReport
  let context: PageContext
  /// The filter that the links keep.
  var filter: [(name: String, value: String)] = []
  /// Those that hold no value in any row are left out.
  private var columns: [Column] {
    Column.all.filter { column in column.isAlways || rows.contains { column.isThere($0) } }
  }

  init(
    caption: String, rows: [ListedEvidence], report: StoreReport, context: PageContext,
    filter: [(name: String, value: String)] = []
  ) {
    self.caption = caption
    self.rows = rows
    self.report = report
    self.context = context
    self.filter = filter
  }

  private struct Column: Sendable {
    var title: String
    var isNumber = true
    var isAlways = false
    var isThere: @Sendable (ListedEvidence) -> Bool = { _ in true }
    var cell: @Sendable (ListedEvidence, EvidenceTable) -> HTML

    static let all = [
      Column(title: "Time", isNumber: false, isAlways: true) { row, table in
        row.time.map { HTML.time($0, now: table.context.now) } ?? "none"
      },
      Column(title: "What", isNumber: false, isAlways: true) { row, table in table.what(row) },
      Column(title: "Score", isThere: { $0.score != nil }) { row, table in
        .score(row.score, below: table.report.objective(of: row))
      },
      Column(title: "Consistency", isThere: { $0.consistency != nil }) { row, table in
        .score(row.consistency, below: table.report.consistencyLimit(of: row))
      },
      Column(title: "Confidence", isThere: { $0.confidence != nil }) { row, _ in
        .score(row.confidence)
      },
      Column(
        title: "Calibration", isNumber: false, isThere: { $0.calibrationNeeded != nil }
      ) { row, _ in row.calibrationNeeded.map { $0 ? "needed" : "not needed" } ?? "–" },
      Column(title: "Threshold", isThere: { $0.threshold != nil }) { row, _ in
        .score(row.threshold)
      },
      Column(title: "RMM", isThere: { $0.maturity != nil }) { row, table in
        .score(row.maturity, below: table.report.maturityLimit(of: row))
      },
      Column(
        title: "Rejected", isNumber: false, isThere: { $0.rejection != nil }
      ) { row, _ in row.rejection.map { HTML.state(.breached, $0.rawValue) } ?? .empty },
    ]
  }

  var html: HTML {
    let columns = columns
    return DataTable(
      caption: caption,
      columns: [.text("Evidence")]
        + columns.map { DataTable.Column(title: $0.title, isNumber: $0.isNumber) },
      rows: rows.map { row in
        DataTable.Row(
          cells: [Tag.a(.href(link(row.id))) { "\(row.id)" }]
            + columns.map { $0.cell(row, self) })
      }
    ).html
  }

  private func link(_ id: Int64) -> Link {
    context.link("/evidence/\(id)", [("store", report.name)] + filter)
  }

  private func what(_ row: ListedEvidence) -> HTML {
    HTML.joined {
      if let agent = row.agent {
        "run of "
        Tag.a(.href(context.link("/agent", [("store", report.name), ("agent", agent.text)]))) {
          HTML.name(agent.text)
        }
      } else if let gate = row.gate {
        "decision of "
        Tag.a(.href(context.link("/gate", [("store", report.name), ("gate", gate.text)]))) {
          HTML.name(gate.text)
        }
      } else {
        HTML.event(row.event.text)
      }
    }
  }
}

extension HTML {
  /// A score that says so where it is below its limit.
  static func score(_ score: Double?, below limit: Double?) -> HTML {
    guard let score, let limit, score.isBelow(limit) else { return .score(score) }
    return Tag.span(.class("bad")) {
      HTML.score(score, limit: limit)
      " < "
      Decimal(limit, places: 9).text
    }
  }
}

extension StoreReport {
  /// The limit that the score of a row alone would be held against: that of its agent's mean.
  func objective(of row: ListedEvidence) -> Double? {
    row.agent.map { snapshot.objectives.qsr(of: $0) }
  }

  func consistencyLimit(of row: ListedEvidence) -> Double? {
    row.gate.map { snapshot.objectives.limits(of: $0).consistency }
  }

  func maturityLimit(of row: ListedEvidence) -> Double? {
    row.subject.map { snapshot.objectives.rmm(of: $0) }
  }
}
