import ReflexiveCore

/// A histogram of durations in seconds.
package struct DurationHistogram: Hashable, Sendable {
  /// The inclusive upper bounds, ascending, without `+Inf`.
  package let upperBounds: [Double]
  /// The number of durations in each bucket, not cumulative. The last one is above all
  /// ``upperBounds``.
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
