import ReflexiveCore

extension ConfigurationValue {
  func score() throws(ConfigurationError) -> Double {
    // Means are rounded to 9 decimals, so a limit with more could not be compared exactly.
    try scalar(expected: "a number from 0 to 1 with at most 9 decimals") { text in
      NumberText.decimal(text).flatMap {
        (0...1).contains($0) && $0.roundedToNineDecimals == $0 ? $0 : nil
      }
    }
  }

  func number(
    in range: ClosedRange<Double>, expected: String
  ) throws(ConfigurationError) -> Double {
    try scalar(expected: expected) { text in
      NumberText.decimal(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  func positiveNumber() throws(ConfigurationError) -> Double {
    try scalar(expected: "a number greater than 0") { text in
      NumberText.decimal(text).flatMap { $0 > 0 ? $0 : nil }
    }
  }

  func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return try scalar(expected: expected) { text in
      NumberText.integer(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  func flag() throws(ConfigurationError) -> Bool {
    try scalar(expected: "true or false") { text in
      switch text {
      case "true": true
      case "false": false
      default: nil
      }
    }
  }

  /// - Returns: bytes.
  func size(
    in range: ClosedRange<Int>, expected words: String
  ) throws(ConfigurationError) -> Int {
    try scalar(expected: "a size from \(words), such as 65536 or 1MiB") { text in
      ByteSizeText.bytes(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// - Returns: seconds, greater than 0.
  func duration(
    upToYears years: Int = 100
  ) throws(ConfigurationError) -> Double {
    let expected = "a duration from 1ms to \(years)y, such as 24h or 1h30m"
    let limit = Double(years * 365 * 86_400)
    return try scalar(expected: expected) { text in
      DurationText.seconds(text).flatMap { $0 > 0 && $0 <= limit ? $0 : nil }
    }
  }
}
