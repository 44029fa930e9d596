/// A point in time: seconds since 1970-01-01T00:00:00Z, negative before it, always finite.
///
/// A double resolves a quarter of a microsecond at today's dates, and holds every finite number
/// that a row may have as its time.
package struct UnixTime: Hashable, Comparable, Sendable {
  package let seconds: Double

  /// - Returns: `nil` unless `seconds` is finite.
  package init?(seconds: Double) {
    guard seconds.isFinite else { return nil }
    self.seconds = seconds
  }

  /// Creates a time from whole seconds and nanoseconds.
  package init(seconds: Int64, nanoseconds: Int64 = 0) {
    self.seconds = Double(seconds) + Double(nanoseconds) / 1e9
  }

  /// 1970-01-01.
  static let epoch = UnixTime(seconds: 0, nanoseconds: 0)

  package static func < (left: UnixTime, right: UnixTime) -> Bool {
    left.seconds < right.seconds
  }

  /// The time `interval` seconds later, clamped to the finite doubles.
  package func advanced(by interval: Double) -> UnixTime {
    let limit = Double.greatestFiniteMagnitude
    return UnixTime(seconds: min(max(seconds + interval, -limit), limit)) ?? self
  }

  /// Seconds from `other` to this time.
  package func since(_ other: UnixTime) -> Double { seconds - other.seconds }
}
