import ReflexiveCore

extension HTML {
  /// A score with four decimals; the whole number is in the attribute `value`.
  ///
  /// - Parameter limit: shown with nine decimals where four would hide on which side of it the score
  ///   is.
  static func score(_ score: Double?, limit: Double? = nil) -> HTML {
    guard let score else { return .text("–") }
    let short = Decimal(score, places: 4, isPadded: true)
    let hidesSide =
      limit.map { short == Decimal($0, places: 4, isPadded: true) && score != $0 } ?? false
    return Tag.data(.value("\(score)")) { hidesSide ? Decimal(score, places: 9).text : short.text }
  }

  /// A limit, or a whole number: as short as it can be.
  static func plain(_ number: Double) -> HTML {
    Tag.data(.value("\(number)")) { Decimal(number, places: 9).text }
  }

  /// A difference, with its sign.
  static func change(_ change: Double?) -> HTML {
    guard let change else { return .text("–") }
    let text = Decimal(change, places: 4).text
    return Tag.data(.value("\(change)")) { change > 0 ? "+" + text : text }
  }

  static func count(_ count: Int) -> HTML {
    Tag.data(.value(String(count))) { Decimal(count).text }
  }

  /// Ids of rows, or the one that there is.
  static func ids(_ ids: IDSpan) -> HTML {
    .text(ids.first == ids.last ? "\(ids.first)" : "\(ids.first) to \(ids.last)")
  }

  /// The value of a verdict, or its limit.
  static func value(_ value: Verdict.Value?, limit: Verdict.Value? = nil) -> HTML {
    switch value {
    case nil: .text("–")
    case .text(let text): .text(text)
    case .number(let number):
      if case .number(let limit)? = limit { score(number, limit: limit) } else { plain(number) }
    }
  }
}

extension Verdict {
  /// What has to hold, in words: `at least 0.6`.
  var limitText: HTML {
    HTML.joined {
      comparison.words + " "
      HTML.value(limit)
    }
  }

  /// The value in a table of several indicators.
  var valueWords: HTML {
    guard indicator == .consistencyStreak, case .number(let length)? = value, length > 0 else {
      return valueText
    }
    return HTML.joined {
      valueText
      " in a row"
    }
  }

  var valueText: HTML {
    indicator == .consistencyStreak ? HTML.value(value) : HTML.value(value, limit: limit)
  }
}

extension Verdict.Comparison {
  fileprivate var words: String {
    switch self {
    case .atLeast: "at least"
    case .below: "below"
    case .different: "not"
    case .atMost: "at most"
    }
  }
}

/// How many bytes, in binary units.
func sizeText(_ bytes: Int64) -> String {
  var (size, unit) = (Double(bytes), "B")
  for next in ["KiB", "MiB", "GiB", "TiB"] where size >= 1024 { (size, unit) = (size / 1024, next) }
  return "\(Decimal(size, places: 1).text) \(unit)"
}
