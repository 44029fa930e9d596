/// Finds that scores have got better than normal. Nobody is told, but a new normal is learned: an agent
/// that was improved is held to its new level.
struct RiseDetector: Hashable, Sendable {
  private(set) var wealth = Wealth()

  /// - Parameter high: the upper limit of normal.
  /// - Returns: true if `score` completes a rise.
  @inline(__always)
  mutating func apply(
    _ score: Double, above high: Double, threshold: Double, expectation: Streaks.Expectation
  ) -> Bool {
    guard high <= ReferenceWatch.greatestReference else { return false }
    let expected = expectation.above(high)
    wealth.joinAndBet((score - expected) / expected)
    return wealth.mean >= threshold
  }
}

extension RiseDetector: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&wealth)
  }
}
