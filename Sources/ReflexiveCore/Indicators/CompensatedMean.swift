/// The mean of any number of scores. It keeps the rounding error of the sum beside the sum.
///
/// In a plain sum of millions of equal scores all errors have the same sign. They reach the ninth
/// decimal of the mean.
/// Source: D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2, theorem B.
package struct CompensatedMean: Sendable {
  private var sum: Double = 0
  /// The rounding error to add to ``sum``.
  private var correction: Double = 0
  package private(set) var count = 0

  package init() {}

  package mutating func add(_ score: Double) {
    let total = sum + score
    let added = total - sum
    correction += (sum - (total - added)) + (score - added)
    sum = total
    count += 1
  }

  /// The mean, rounded to 9 decimals; `nil` without a score.
  package var value: Double? {
    count > 0 ? ((sum + correction) / Double(count)).roundedToNineDecimals : nil
  }
}

extension CompensatedMean: BinaryFields {
  package static var blank: Self { Self() }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&sum)
    try coder.code(&correction)
    try coder.code(&count)
  }
}
