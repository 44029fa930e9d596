import ReflexiveCore

/// How many scores lie in each bucket of a histogram: a table whose bars are drawn beside the
/// numbers.
struct Distribution {
  let caption: String
  let scores: ScoreHistogram
  /// Buckets that lie below it are marked.
  let limit: Double?
  /// The page of a row.
  let evidence: (Int64) -> Link
  let now: UnixTime
  /// What has a score, in the singular.
  let sample: String

  var html: HTML {
    let most = max(1, scores.counts.max() ?? 1)
    return DataTable(
      caption: caption,
      columns: [
        .text("Score"), .number(sample.prefix(1).uppercased() + sample.dropFirst() + "s"),
        .text("Share", isWide: true), .text("Newest"),
      ],
      rows: scores.counts.indices.reversed().map { index in
        let upper = ScoreHistogram.upperBounds[index]
        let count = scores.counts[index]
        let isLow = limit.map { upper <= $0 } ?? false
        return DataTable.Row(cells: [
          .text(range(index)), .count(count),
          HTML.joined {
            bar(count, of: most, isLow: isLow)
            let share = 100 * Double(count) / Double(max(1, scores.count))
            " \(Decimal(share, places: 1).text)%"
          }, newest(index),
        ])
      }, isCompact: true
    ).html
  }

  private func range(_ index: Int) -> String {
    let upper = Decimal(ScoreHistogram.upperBounds[index], places: 2).text
    guard index > 0 else { return "0 to \(upper)" }
    return "over \(Decimal(ScoreHistogram.upperBounds[index - 1], places: 2).text) to \(upper)"
  }

  private func bar(_ count: Int, of most: Int, isLow: Bool) -> HTML {
    Tag.svg(.class("bar"), .aria(.hidden, "true")) {
      Tag.rect(.class("track"), .svg("width", "100%"), .svg("height", "100%"))
      Tag.rect(
        .class(isLow ? "fill low" : "fill"),
        .svg("width", percent: 100 * Double(count) / Double(most)), .svg("height", "100%"))
    }
  }

  private func newest(_ index: Int) -> HTML {
    guard let exemplar = scores.exemplars[index] else { return .empty }
    return HTML.joined {
      Tag.a(.href(evidence(exemplar.id))) { "\(exemplar.id)" }
      " with "
      HTML.score(exemplar.score)
    }
  }
}
