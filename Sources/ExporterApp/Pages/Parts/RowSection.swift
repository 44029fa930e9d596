import Following
import ReflexiveCore

/// A few rows on the page of an agent, gate or subject, and links to more.
struct RowSection: Sendable {
  /// Rows that are shown at the most.
  static let limit = 20

  /// `nil` for rows that belong to what stands before them.
  let title: String?
  let rows: Result<[ListedEvidence], EvidenceQueries.Failure>
  let report: StoreReport
  let context: PageContext
  let links: [(title: String, link: Link)]

  var html: HTML {
    HTML.joined {
      if let title { Tag.h2 { title } }
      switch rows {
      case .failure(let failure):
        Tag.p(.class("alarm")) { "The rows can't be shown now: \(failure.words)." }
      case .success(let rows):
        if rows.isEmpty {
          if title != nil { Tag.p { "No row has this name." } }
        } else {
          EvidenceTable(
            caption: "\(title ?? "Evaluations of the streak"), newest first",
            rows: Array(rows.prefix(Self.limit)), report: report, context: context
          ).html
        }
      }
      if !links.isEmpty {
        Tag.ul(.class("choices")) {
          for link in links { Tag.li { Tag.a(.href(link.link)) { link.title } } }
        }
      }
    }
  }
}

/// The threshold of a gate over the scores that it was held against, of its latest evaluations.
struct ThresholdChart: Sendable {
  let rows: Result<[ListedEvidence], EvidenceQueries.Failure>
  let now: UnixTime

  var html: HTML {
    guard case .success(let rows) = rows else { return .empty }
    let timed = rows.filter { $0.time != nil && $0.score != nil && $0.threshold != nil }
      .sorted { ($0.time ?? now) < ($1.time ?? now) }
    guard let first = timed.first?.time, let last = timed.last?.time, timed.count > 1 else {
      return .empty
    }
    let under = timed.count { row in
      if let score = row.score, let threshold = row.threshold { score < threshold } else { false }
    }
    return LineChart(
      id: "scores", title: "Threshold over score, the latest \(timed.count) evaluations",
      summary: (under == 0
        ? "No score is below the threshold."
        : "\(under) of \(timed.count) scores \(under == 1 ? "is" : "are") below the threshold, marked by "
          + "dots.") + " The dashed line is the threshold.",
      series: [
        LineChart.Series(
          name: "score", points: timed.map { point($0, \.score) }, gap: .infinity),
        LineChart.Series(
          name: "threshold", points: timed.map { point($0, \.threshold) }, gap: .infinity,
          isSecond: true),
      ], span: (first, last), columns: [.text("Evidence")], now: now
    ).html
  }

  private func point(
    _ row: ListedEvidence, _ value: KeyPath<ListedEvidence, Double?>
  ) -> LineChart.Point {
    let isScore = value == \ListedEvidence.score
    let isLow = isScore && (row.score ?? 1) < (row.threshold ?? 0)
    return LineChart.Point(
      time: row.time ?? now, value: row[keyPath: value] ?? 0, details: [.text("\(row.id)")],
      isLow: isLow)
  }
}

extension IDSpan {
  /// The ids beside it, which are not in it.
  var around: (after: Int64?, before: Int64?) {
    (first == .min ? nil : first - 1, last == .max ? nil : last + 1)
  }

  /// Parameters that ask for its rows.
  var query: [(name: String, value: String)] {
    let (after, before) = around
    return [("after", after), ("before", before)].compactMap { name, id in
      id.map { (name, String($0)) }
    }
  }
}

extension PageContext {
  /// The page of one row.
  func row(_ id: Int64, of report: StoreReport) -> Link {
    link("/evidence/\(id)", [("store", report.name)])
  }
}
