/// Durations as Go's `time.ParseDuration` reads them, without a sign: `1m30s`, `1.5h`, `100ms`.
///
/// The web configuration uses this form. Unlike Prometheus's form it has fractions and no days.
enum GoDurationText {
  private static let secondsOfUnit: [(name: String, value: Double)] = [
    ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60),
    ("h", 3600),
  ]

  /// - Returns: `nil` if `text` is no duration, or longer than 100 years.
  static func duration(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = text.unicodeScalars[...]
    var seconds = 0.0
    repeat {
      let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      rest = rest.dropFirst(number.count)
      let name = rest.prefix { !("0"..."9").contains($0) && $0 != "." }
      rest = rest.dropFirst(name.count)
      guard let count = NumberText.decimal(String(number)),
        let unit = secondsOfUnit.first(where: { $0.name.unicodeScalars.elementsEqual(name) })
      else { return nil }
      seconds += count * unit.value
    } while !rest.isEmpty
    return seconds <= 100 * 365 * 86_400 ? .nanoseconds(Int64((seconds * 1e9).rounded())) : nil
  }
}
