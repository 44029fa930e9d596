import ReflexiveCore

/// The course of one score over the range of a page.
struct HistoryChart: Sendable {
  let report: StoreReport
  let range: PageRange
  let kind: HistoryKind
  let name: LabelValue
  var id: String
  var title: String
  /// The least that is good, if the score is held against a limit.
  var limit: Double?
  /// What the limit is called.
  var limitName = "objective"
  /// How one score is called, in the plural.
  var samples: String

  var html: HTML {
    guard let window = range.charted, let indicators = report.indicators else { return .empty }
    let points = indicators.history(kind, of: name, window: window.label, at: report.now)
    let chartTitle = "\(title), last \(window.label)"
    let from = report.now.advanced(by: -window.length)
    return LineChart(
      id: id, title: chartTitle, summary: summary(points, window),
      series: [
        LineChart.Series(
          name: title, points: points.compactMap { point($0) },
          gap: 2.5 * window.length / 128)
      ], limit: limit.map { ($0, limitName) }, span: (from, report.now),
      columns: [.number("Samples"), .text("Evidence")], now: report.now
    ).html
  }

  private func point(_ piece: HistoryPoint) -> LineChart.Point? {
    guard let mean = piece.scores.value else { return nil }
    let time = min(max(piece.middle, report.now.advanced(by: -1e12)), report.now)
    return LineChart.Point(
      time: time, value: mean,
      details: [.count(piece.scores.count), piece.ids.map { .ids($0) } ?? .empty],
      isLow: limit.map { mean < $0 } ?? false)
  }

  private func summary(_ points: [HistoryPoint], _ window: Window) -> String {
    let means = points.compactMap(\.scores.value)
    guard let least = means.min(), let most = means.max(), let last = means.last else {
      return "No \(samples) in the last \(window.label)."
    }
    let count = points.reduce(0) { $0 + $1.scores.count }
    let low = limit.map { limit in means.count { $0 < limit } } ?? 0
    var text =
      "\(Decimal(count).text) \(samples) in \(Decimal(means.count).text) steps of "
      + "\(TimeText.duration(window.length / 128)); means from \(figure(least)) to \(figure(most)), "
      + "latest \(figure(last))."
    if let limit {
      text +=
        low == 0
        ? " None is below the \(limitName) of \(Decimal(limit, places: 4).text)."
        : " \(low) \(low == 1 ? "is" : "are") below the \(limitName) of "
          + "\(Decimal(limit, places: 4).text), marked by dots."
    }
    return text
  }

  private func figure(_ mean: Double) -> String { Decimal(mean, places: 3).text }
}

/// The numbers of every window beside each other.
struct WindowTable {
  let caption: String
  let averages: [WindowAverage]
  let labels: [String]
  let limit: Double?
  /// The rows that a mean rests on.
  let evidence: (IDSpan) -> Link

  var html: HTML {
    DataTable(
      caption: caption,
      columns: [
        .text("Window"), .number("Mean"), .text("Limit"), .number("Samples"), .text("Evidence"),
      ],
      rows: labels.map { label in
        let average = averages.first { $0.window == label }
        return DataTable.Row(cells: [
          .text(label == Window.allLabel ? "all rows" : label),
          .score(average?.mean, limit: limit),
          limit.map { limit in
            HTML.joined {
              "at least "
              HTML.plain(limit)
            }
          } ?? "–", .count(average?.samples ?? 0),
          average?.ids.map { ids in
            Tag.a(.href(evidence(ids))) { HTML.ids(ids) }
          } ?? "–",
        ])
      }
    ).html
  }
}
