/// The number of values in each bucket, and their sum.
package struct Histogram: Equatable, Sendable {
  package let buckets: HistogramBuckets
  /// The count of each bucket, not cumulative; the encoders add them up.
  package let counts: [UInt64]
  package let sum: Double
  /// An exemplar or `nil` for each bucket; empty if there are no exemplars.
  package let exemplars: [Exemplar?]

  /// - Precondition: There is a count for each bucket. `exemplars` is empty or has an element for
  ///   each bucket.
  package init(
    buckets: HistogramBuckets, counts: [UInt64], sum: Double, exemplars: [Exemplar?] = []
  ) {
    precondition(
      counts.count == buckets.count, "\(counts.count) counts for \(buckets.count) buckets")
    precondition(
      exemplars.isEmpty || exemplars.count == buckets.count,
      "\(exemplars.count) exemplars for \(buckets.count) buckets")
    self.buckets = buckets
    self.counts = counts
    self.sum = sum
    self.exemplars = exemplars
  }
}
