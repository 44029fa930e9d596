/// Scores counted by buckets, with the newest row of each bucket as its exemplar.
package struct ScoreHistogram: Hashable, Sendable {
  /// The row that stands for the scores of one bucket.
  package struct Exemplar: Hashable, Sendable {
    package var id: Int64
    package var score: Double
    /// The evidence time; `nil` if the row has none or was ahead of the clock.
    package var time: UnixTime?
  }

  /// Inclusive upper bounds. Scores are at most 1, so none lies above the last.
  package static let upperBounds = [
    0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 1.0,
  ]

  /// The number of scores in each bucket of ``upperBounds``, not cumulative.
  package private(set) var counts = Array(repeating: 0, count: upperBounds.count)
  package private(set) var exemplars: [Exemplar?] = Array(repeating: nil, count: upperBounds.count)
  package private(set) var sum: Double = 0

  package init() {}

  package var count: Int { counts.reduce(0, +) }

  mutating func add(_ exemplar: Exemplar) {
    let bucket = min(Self.upperBounds.bucket(of: exemplar.score), counts.count - 1)
    counts[bucket] += 1
    if isNewer(exemplar, than: exemplars[bucket]) { exemplars[bucket] = exemplar }
    sum += exemplar.score
  }

  /// Compares evidence times: Prometheus refuses an exemplar that is older than the one before.
  private func isNewer(_ exemplar: Exemplar, than current: Exemplar?) -> Bool {
    guard let currentTime = current?.time else { return true }
    guard let time = exemplar.time else { return false }
    return time >= currentTime
  }
}

extension ScoreHistogram: BinaryFields {
  package static var blank: Self { Self() }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&counts)
    try coder.code(&exemplars)
    try coder.code(&sum)
    try coder.expect(
      counts.count == Self.upperBounds.count && exemplars.count == Self.upperBounds.count)
  }
}

extension ScoreHistogram.Exemplar: BinaryFields {
  package static var blank: Self { Self(id: 0, score: 0, time: nil) }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&id)
    try coder.code(&score)
    try coder.code(&time)
  }
}
