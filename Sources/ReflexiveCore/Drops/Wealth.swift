/// What four bettors own, each of whom stakes a fixed share of it on every score.
///
/// A small stake gains most from a small drop, a large stake from a large one. The evidence is the
/// mean of all four, so nobody has to know how large a drop will be.
///
/// Source: Shin, Ramdas, Rinaldo, "E-detectors: a nonparametric framework for sequential change
/// detection", arXiv 2203.03532 (mixtures of e-detectors).
struct Wealth: Hashable, Sendable {
  private(set) var sixteenth: Double = 0
  private(set) var quarter: Double = 0
  private(set) var half: Double = 0
  private(set) var fifteenSixteenths: Double = 0

  /// Far from where a product overflows: a factor is at most 938.
  private static var most: Double { 1e300 }

  var mean: Double { (((sixteenth + quarter) + half) + fifteenSixteenths) / 4 }

  /// The Shiryaev–Roberts form: with every score a new bettor joins with 1, in case the change begins
  /// here.
  ///
  /// - Parameter gain: what a stake of all would have earned. Its expectation is at most 0 while
  ///   there is no change.
  @inline(__always)
  mutating func joinAndBet(_ gain: Double) {
    sixteenth = min(Self.most, (sixteenth + 1) * (1 + 0.0625 * gain))
    quarter = min(Self.most, (quarter + 1) * (1 + 0.25 * gain))
    half = min(Self.most, (half + 1) * (1 + 0.5 * gain))
    fifteenSixteenths = min(Self.most, (fifteenSixteenths + 1) * (1 + 0.9375 * gain))
  }

  /// The CUSUM form, which is less eager: a bettor with less than 1 starts again with 1.
  mutating func restartAndBet(_ gain: Double) {
    sixteenth = min(Self.most, max(sixteenth, 1) * (1 + 0.0625 * gain))
    quarter = min(Self.most, max(quarter, 1) * (1 + 0.25 * gain))
    half = min(Self.most, max(half, 1) * (1 + 0.5 * gain))
    fifteenSixteenths = min(Self.most, max(fifteenSixteenths, 1) * (1 + 0.9375 * gain))
  }
}

extension Wealth: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&sixteenth)
    try coder.code(&quarter)
    try coder.code(&half)
    try coder.code(&fifteenSixteenths)
  }
}
