import ReflexiveCore

/// The course of a mean in the space of a word.
struct Sparkline: Sendable {
  private static let steps = 28

  let points: [HistoryPoint]
  let limit: Double
  let range: String
  let length: Double
  let now: UnixTime

  var html: HTML {
    let means = means
    guard let first = means.first, let last = means.last else { return .empty }
    return Tag.svg(
      .class("spark"), .svg("viewBox", "0 0 280 60"), .svg("preserveAspectRatio", "none"),
      .role("img"),
      .aria(
        .label,
        "Over \(range): from \(text(first.mean)) to \(text(last.mean)), "
          + "between \(text(means.map(\.mean).min() ?? 0)) and "
          + "\(text(means.map(\.mean).max() ?? 0))")
    ) {
      Tag.line(
        .class("limit"), .svg("x1", 0), .svg("x2", 280), .svg("y1", y(limit)),
        .svg("y2", y(limit)), .svg("vector-effect", "non-scaling-stroke"))
      if means.count > 1 {
        Tag.polyline(
          .class("first"),
          .svg("points", means.map { "\(x($0.step)),\(y($0.mean))" }.joined(separator: " ")))
      } else {
        Tag.circle(
          .class("dot"), .svg("cx", x(first.step)), .svg("cy", y(first.mean)), .svg("r", 4))
      }
    }
  }

  /// One mean a step that has scores.
  private var means: [(step: Int, mean: Double)] {
    var sums: [Int: Mean] = [:]
    for point in points {
      let age = now.since(point.middle)
      let step = Self.steps - 1 - Int(age / length * Double(Self.steps))
      sums[min(max(step, 0), Self.steps - 1), default: Mean()].merge(point.scores)
    }
    return sums.sorted { $0.key < $1.key }.compactMap { step, scores in
      scores.value.map { (step, $0) }
    }
  }

  private func text(_ mean: Double) -> String { Decimal(mean, places: 2).text }

  private func x(_ step: Int) -> Int { step * 10 + 5 }
  /// The picture is at least 0.2 high, and has the limit in it.
  private func y(_ value: Double) -> Int {
    let values = means.map(\.mean) + [limit]
    let middle = ((values.min() ?? 0) + (values.max() ?? 1)) / 2
    let height = max(0.2, (values.max() ?? 1) - (values.min() ?? 0))
    return 30 - Int(((value - middle) / height * 52).rounded())
  }
}
