/// How much of a low score is handed on to the next one.
///
/// Some agents score in streaks: after a low score the next one is likely to be low too, although the
/// mean holds over a longer time. A bet against the mean then wins too often. So after a low score the
/// bet is against less than the mean: ``carryOver`` is how far from the mean to that score, as a share.
struct Streaks: Hashable, Sendable {
  /// The score before the next one.
  private(set) var last: Double?
  /// Scores in a row, ending with the last, that were low.
  private(set) var lowRun = 0
  /// Pairs of consecutive scores, those of them that begin low, and those that end low as well.
  private(set) var pairs = 0
  private(set) var lowPairs = 0
  private(set) var lowLowPairs = 0
  /// From 0, nothing, to ``mostCarryOver``.
  private(set) var carryOver: Double = 0

  /// Pairs that agree with independent scores, taken for granted at the start.
  private static var prior: Double { 10 }
  /// Later pairs of one streak are not counted, so a drop cannot pass for a streak.
  private static var countedRun: Int { 3 }
  private static var mostCarryOver: Double { 0.9 }

  // Without branches below: scores fall on either side of a mean as a coin does, and processors guess
  // wrong. A check for overflow would be one.

  /// What to expect of a score whose mean is `mean`: less than that after a lower score.
  @inline(__always)
  func expectedBelow(_ mean: Double) -> Double {
    mean - carryOver * (mean - min(last ?? mean, mean))
  }

  /// What to expect of a score whose mean is `mean`: more than that after a higher score.
  @inline(__always)
  func expectedAbove(_ mean: Double) -> Double {
    mean + carryOver * (max(last ?? mean, mean) - mean)
  }

  /// - Parameter isCounted: false where a drop lasts, whose scores say nothing about streaks.
  @inline(__always)
  mutating func apply(_ score: Double, isLow: Bool, isCounted: Bool) {
    if isCounted, last != nil, lowRun <= Self.countedRun { countPair(endsLow: isLow) }
    lowRun = isLow ? lowRun &+ 1 : 0
    last = score
  }

  @inline(__always)
  private mutating func countPair(endsLow: Bool) {
    pairs += 1
    lowPairs += lowRun > 0 ? 1 : 0
    lowLowPairs += lowRun > 0 && endsLow ? 1 : 0
    guard lowPairs < pairs else { return }
    let share = Double(lowPairs) / Double(pairs)
    let afterLow = (Double(lowLowPairs) + Self.prior * share) / (Double(lowPairs) + Self.prior)
    carryOver = min(Self.mostCarryOver, max(0, (afterLow - share) / (1 - share)))
  }
}

extension Streaks: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&last)
    try coder.code(&lowRun)
    try coder.code(&pairs)
    try coder.code(&lowPairs)
    try coder.code(&lowLowPairs)
    try coder.code(&carryOver)
  }
}
