/// How often values were seen, by bucket.
package struct Histogram: Equatable, Sendable {
  package let buckets: HistogramBuckets
  /// How many values lie in each bucket alone; the encoders add them up.
  package let counts: [UInt64]
  package let sum: Double
  /// For each bucket the exemplar of a value that lies in it; empty if there are none at all.
  package let exemplars: [Exemplar?]

  /// - Precondition: There is a count for each bucket, and an exemplar or `nil` if there are any.
  package init(
    buckets: HistogramBuckets, counts: [UInt64], sum: Double, exemplars: [Exemplar?] = []
  ) {
    precondition(counts.count == buckets.count, "\(counts.count) counts")
    precondition(
      exemplars.isEmpty || exemplars.count == buckets.count, "\(exemplars.count) exemplars")
    self.buckets = buckets
    self.counts = counts
    self.sum = sum
    self.exemplars = exemplars
  }
}
