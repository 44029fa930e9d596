/// The normal level of the scores, learned from the scores of one epoch.
///
/// The mean lies above `low` with a probability of nine in ten, and below `high` likewise, at all
/// times at once, so the limits can be used after every score. They only get closer to each other: a
/// drop cannot drag them down.
///
/// Source: Waudby-Smith, Ramdas, "Estimating means of bounded random variables by betting", Journal
/// of the Royal Statistical Society B 86 (2024), predictable plug-in empirical Bernstein. Its
/// −log(1 − b) − b is replaced by b² / (2(1 − b)), which is no less and takes no logarithm.
struct LearnedNormal: Hashable, Sendable {
  private(set) var scores = Mean()
  private(set) var spread = 0.25
  private(set) var weight: Double = 0
  private(set) var weighted: Double = 0
  private(set) var penalty: Double = 0
  private(set) var low: Double = 0
  private(set) var high: Double = 1
  /// The mean, as if one score of 1/2 had come before.
  private(set) var centre = 0.5

  /// The logarithm of 10: a limit fails once in ten epochs at most.
  private static var logOfTen: Double { 2.302585092994046 }

  /// - Parameter tolerance: how far from the centre the limits stay at least.
  @inline(__always)
  mutating func learn(_ score: Double, tolerance: Double) {
    let residual = score - centre
    let square = residual * residual
    scores.sum += score
    scores.count &+= 1
    // Two divisions at once take as long as one. The root is 1/2 or more while the spread is small, but
    // a branch that spares it costs more: which watch a row is for is close to random.
    let quotients =
      SIMD2(scores.sum + 0.5, 2 * Self.logOfTen) / SIMD2(Double(scores.count) + 1, spread)
    centre = quotients[0]
    bet(min(0.5, quotients[1].squareRoot()), on: score, square: square)
    spread += square
    // Divisions are slow, so a limit that cannot get closer is left alone.
    if centre - tolerance > low {
      low = max(low, min((weighted - Self.logOfTen - penalty) / weight, centre - tolerance))
    }
    if centre + tolerance < high {
      high = min(high, max((weighted + Self.logOfTen + penalty) / weight, centre + tolerance))
    }
  }

  @inline(__always)
  private mutating func bet(_ bet: Double, on score: Double, square: Double) {
    weight += bet
    weighted += bet * score
    penalty += square * (bet * bet / (2 * (1 - bet)))
  }

  private static func centre(of scores: Mean) -> Double {
    (scores.sum + 0.5) / (Double(scores.count) + 1)
  }
}

extension LearnedNormal: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&scores)
    try coder.code(&spread)
    try coder.code(&weight)
    try coder.code(&weighted)
    try coder.code(&penalty)
    try coder.code(&low)
    try coder.code(&high)
    centre = Self.centre(of: scores)
  }
}
