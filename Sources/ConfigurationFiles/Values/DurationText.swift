/// Durations as Prometheus writes them: `1h30m`, `7d`, `500ms`.
///
/// The grammar is that of `model.ParseDuration` (prometheus/common): whole numbers with the units y
/// w d h m s ms, each at most once and in this order; a year has 365 days. A bare `0` is not
/// accepted, because no duration here may be 0.
package enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("y", 365 * 86_400_000), ("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000),
    ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// - Returns: seconds; `nil` if `text` is no duration, or longer than 2^63 milliseconds.
  package static func seconds(_ text: String) -> Double? {
    var rest = text.utf8[...]
    var nextUnit = 0
    var total: Int64 = 0
    repeat {
      let digits = rest.prefix(while: isDigit)
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { !isDigit($0) }
      rest = rest.dropFirst(name.count)
      guard let count = Int64(Substring(digits)),
        let unit = units[nextUnit...].firstIndex(where: { $0.name.utf8.elementsEqual(name) })
      else { return nil }
      let (part, isTooLong) = count.multipliedReportingOverflow(by: units[unit].milliseconds)
      let (sum, isSumTooLong) = total.addingReportingOverflow(part)
      guard !isTooLong, !isSumTooLong else { return nil }
      total = sum
      nextUnit = unit + 1
    } while !rest.isEmpty
    return Double(total) / 1000
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
