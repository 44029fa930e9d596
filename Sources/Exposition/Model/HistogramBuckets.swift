/// The upper bounds of a histogram's buckets, and the values of their `le` label.
package struct HistogramBuckets: Equatable, Sendable {
  /// Increasing, finite and inclusive. The last bucket, up to +Inf, has no element here.
  package let upperBounds: [Double]
  /// The values of `le`, one more than there are bounds; the last is `+Inf`.
  package let leTexts: [String]

  /// - Precondition: The bounds increase, and their magnitudes are below 1,000,000. In that range
  ///   Swift's shortest text of a number is the canonical one of OpenMetrics.
  package init(_ upperBounds: [Double]) {
    precondition(
      upperBounds.allSatisfy { $0.magnitude < 1e6 }
        && zip(upperBounds, upperBounds.dropFirst()).allSatisfy(<),
      "\(upperBounds) are not bounds of buckets")
    self.upperBounds = upperBounds
    // OpenMetrics 1.0, "Considerations: Canonical Numbers": always a point or an exponent ("1.0").
    leTexts = upperBounds.map(\.description) + ["+Inf"]
  }

  package var count: Int { leTexts.count }
}
