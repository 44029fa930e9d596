/// How much of a low score is handed on to the next one.
///
/// Some agents score in streaks: after a low score the next one is likely to be low too, although the
/// mean holds over a longer time. A bet against the mean then wins too often. So after a low score the
/// bet is against less than the mean: ``carryOver`` is how far from the mean to that score, as a share.
struct Streaks: Hashable, Sendable {
  /// The score before the next one.
  var last: Double? { lastScore >= 0 ? lastScore : nil }
  /// Below 0 before the first score.
  private var lastScore: Double = -1
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
  // wrong. So what is low is a sign bit, 1 or 0: of a condition compilers make a branch. A check for
  // overflow would be one too.

  /// What the scores so far say of the next one.
  struct Expectation {
    /// Any number below 0 before the first score: nothing is carried over then.
    fileprivate var last: Double
    fileprivate var carryOver: Double

    /// What to expect of a score whose mean is `mean`: less than that after a lower score.
    @inline(__always)
    func below(_ mean: Double) -> Double {
      mean - carryOver * (mean - (last < mean ? last : mean))
    }

    /// What to expect of a score whose mean is `mean`: more than that after a higher score.
    @inline(__always)
    func above(_ mean: Double) -> Double {
      mean + carryOver * ((last > mean ? last : mean) - mean)
    }
  }

  var expectation: Expectation { Expectation(last: lastScore, carryOver: carryOver) }

  /// - Parameters:
  ///   - centre: of the scores before; `score` is low if it is below.
  ///   - isCounted: false where a drop lasts, whose scores say nothing about streaks.
  @inline(__always)
  mutating func apply(_ score: Double, centre: Double, isCounted: Bool) {
    let isLow = Int(truncatingIfNeeded: (score - centre).bitPattern >> 63)
    if isCounted, lastScore >= 0, lowRun <= Self.countedRun { countPair(endsLow: isLow) }
    lowRun = (lowRun &+ 1) & (0 &- isLow)
    lastScore = score
  }

  /// - Parameter endsLow: 1 or 0.
  @inline(__always)
  private mutating func countPair(endsLow: Int) {
    let beginsLow = Int(bitPattern: UInt(bitPattern: 0 &- lowRun) >> 63)
    pairs &+= 1
    lowPairs &+= beginsLow
    lowLowPairs &+= beginsLow & endsLow
    guard lowPairs < pairs else { return }
    let share = Double(lowPairs) / Double(pairs)
    let afterLow = (Double(lowLowPairs) + Self.prior * share) / (Double(lowPairs) + Self.prior)
    let handedOn = (afterLow - share) / (1 - share)
    carryOver = min(Self.mostCarryOver, handedOn > 0 ? handedOn : 0)
  }
}

extension Streaks: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    var last = last
    try coder.code(&last)
    lastScore = last ?? -1
    try coder.code(&lowRun)
    try coder.code(&pairs)
    try coder.code(&lowPairs)
    try coder.code(&lowLowPairs)
    try coder.code(&carryOver)
  }
}
