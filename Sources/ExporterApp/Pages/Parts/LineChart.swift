import ReflexiveCore

/// Scores over time with the limit that they are held against, drawn as SVG, with the numbers in a
/// table.
///
/// Places are percentages and texts have a size of their own, so it is as legible on a narrow screen.
struct LineChart: Sendable {
  struct Point: Sendable {
    var time: UnixTime
    var value: Double
    /// What the table says beside time and value.
    var details: [HTML] = []
    var isLow = false
  }

  struct Series: Sendable {
    var name: String
    var points: [Point]
    /// Points further apart, in seconds, are not joined by a line.
    var gap: Double
    /// Drawn in another way than the first.
    var isSecond = false
  }

  /// Of the figure, unique on its page.
  var id: String
  var title: String
  /// What the chart shows, in a sentence or two.
  var summary: String
  var series: [Series]
  var limit: (value: Double, name: String)?
  var span: (from: UnixTime, until: UnixTime)
  /// Of the details in the table.
  var columns: [DataTable.Column] = []
  var now: UnixTime

  var html: HTML {
    Tag.figure {
      Tag.figcaption(.id("\(id)-title")) {
        Tag.strong { title + ":" }
        " "
        Tag.span(.id("\(id)-summary")) { summary }
      }
      if !series.allSatisfy(\.points.isEmpty) {
        picture
        Tag.details {
          Tag.summary { "Data: \(title)" }
          table
        }
      }
    }
  }

  /// From below the lowest number to above the highest, in tenths.
  private var bounds: (low: Double, high: Double) {
    let values = series.flatMap { $0.points.map(\.value) } + (limit.map { [$0.value] } ?? [])
    let low = ((values.min() ?? 0) * 10 - 0.2).rounded(.down) / 10
    let high = ((values.max() ?? 1) * 10 + 0.2).rounded(.up) / 10
    return (max(0, low), max(min(1, high), max(0, low) + 0.1))
  }

  private var picture: HTML {
    Tag.svg(
      .class("chart"), .role("img"), .aria(.labelledBy, "\(id)-title")
    ) {
      frame
      if let limit { limitLine(limit.value) }
      for line in series { lines(line) }
      for line in series { dots(line) }
      labels
    }
  }

  private var frame: HTML {
    HTML.joined {
      for place in [0, 50, 100.0] {
        Tag.line(
          .class("grid"), .svg("x1", percent: 0), .svg("x2", percent: 100),
          .svg("y1", percent: Self.top + place * Self.height / 100),
          .svg("y2", percent: Self.top + place * Self.height / 100))
      }
    }
  }

  private func limitLine(_ limit: Double) -> HTML {
    Tag.line(
      .class("limit"), .svg("x1", percent: 0), .svg("x2", percent: 100),
      .svg("y1", percent: y(limit)), .svg("y2", percent: y(limit)))
  }

  /// In a picture of its own that is stretched: a line can't have its places in percent.
  private func lines(_ line: Series) -> HTML {
    Tag.svg(
      .svg("viewBox", "0 0 1000 1000"), .svg("preserveAspectRatio", "none"),
      .svg("width", "100%"), .svg("height", "100%")
    ) {
      for piece in pieces(line) where piece.count > 1 {
        Tag.polyline(
          .class(line.isSecond ? "second" : "first"),
          .svg(
            "points",
            piece.map { point in
              "\(Int((x(point.time) * 10).rounded())),\(Int((y(point.value) * 10).rounded()))"
            }.joined(separator: " ")))
      }
    }
  }

  /// Points that no line shows, and those that are low.
  private func dots(_ line: Series) -> HTML {
    HTML.joined {
      for piece in pieces(line) {
        for point in piece where point.isLow || piece.count == 1 {
          Tag.circle(
            .class(point.isLow ? "dot low" : line.isSecond ? "dot other" : "dot"),
            .svg("cx", percent: x(point.time)), .svg("cy", percent: y(point.value)),
            .svg("r", point.isLow ? 3 : 2))
        }
      }
    }
  }

  private var labels: HTML {
    let (low, high) = bounds
    return HTML.joined {
      label(Decimal(high, places: 2).text, x: 0, y: Self.top - 1.5)
      label(Decimal(low, places: 2).text, x: 0, y: Self.top + Self.height - 1.5)
      label(TimeText.short(span.from, now: now), x: 0, y: 99)
      label(TimeText.short(span.until, now: now), x: 100, y: 99, anchor: "end")
      if let limit {
        label(
          "\(limit.name) \(Decimal(limit.value, places: 4).text)", x: 50,
          y: y(limit.value) + (isMostlyAbove(limit.value) ? 6 : -1.5), anchor: "middle",
          isLimit: true)
      }
    }
  }

  /// The limit is named on the side that has fewer scores, and in the middle: away from the numbers of
  /// the axis and from the newest scores.
  private func isMostlyAbove(_ limit: Double) -> Bool {
    let points = series.flatMap(\.points)
    return 2 * points.count { $0.value >= limit } > points.count
  }

  private func label(
    _ text: String, x: Double, y: Double, anchor: String? = nil, isLimit: Bool = false
  ) -> HTML {
    Tag.text(
      isLimit ? .class("limit") : nil, .svg("x", percent: x), .svg("y", percent: y),
      anchor.map { .svg("text-anchor", $0) }
    ) { text }
  }

  private func pieces(_ line: Series) -> [ArraySlice<Point>] {
    var pieces: [ArraySlice<Point>] = []
    var start = line.points.startIndex
    for index in line.points.indices.dropFirst()
    where line.points[index].time.since(line.points[index - 1].time) > line.gap {
      pieces.append(line.points[start..<index])
      start = index
    }
    return pieces + [line.points[start...]]
  }

  private var table: HTML {
    let rows = series.flatMap { line in line.points.map { (line.name, $0) } }
      .sorted { $0.1.time > $1.1.time }
    return DataTable(
      caption: "\(title), newest first",
      columns: [.text("Time"), .text("What"), .number("Value")] + columns,
      rows: rows.map { name, point in
        DataTable.Row(
          cells: [
            .text(TimeText.short(point.time, now: now)), .text(name),
            .score(point.value, limit: limit?.value),
          ] + point.details)
      }
    ).html
  }

  // MARK: - Places in percent

  private static let top: Double = 12
  private static let height: Double = 72

  private func x(_ time: UnixTime) -> Double {
    let length = span.until.since(span.from)
    guard length > 0 else { return 50 }
    return min(max(time.since(span.from) / length, 0), 1) * 100
  }

  private func y(_ value: Double) -> Double {
    let (low, high) = bounds
    return Self.top + (1 - (value - low) / (high - low)) * Self.height
  }
}
