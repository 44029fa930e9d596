import ReflexiveCore

/// Durations counted by buckets, in seconds.
package struct DurationHistogram: Hashable, Sendable {
  /// Upper bounds, inclusive, ascending, without `+Inf`.
  package let upperBounds: [Double]
  /// Durations in each bucket, not cumulative. The last one is above all ``upperBounds``.
  package private(set) var counts: [Int]
  package private(set) var sum: Double = 0

  package init(upperBounds: [Double]) {
    self.upperBounds = upperBounds
    counts = Array(repeating: 0, count: upperBounds.count + 1)
  }

  package mutating func add(_ seconds: Double) {
    counts[upperBounds.bucket(of: seconds)] += 1
    sum += seconds
  }
}

extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
