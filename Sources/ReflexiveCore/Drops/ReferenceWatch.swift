/// Whether the mean of scores has dropped below one reference, and whether it has come back.
///
/// The evidence of a drop is the wealth of bettors who win with scores below the reference. While the
/// mean is not below it, their wealth grows by at most 1 a score on average, so it reaches 10,000 at
/// most once in 10,000 scores. That holds for scores of any distribution and any dependence, as long
/// as what is to be expected of each score is not below the reference.
///
/// `docs/drops.md` explains it. Source: Shin, Ramdas, Rinaldo, arXiv 2203.03532 (e-detectors).
struct ReferenceWatch: Hashable, Sendable {
  /// How much evidence is enough.
  struct Rule {
    /// Evidence that makes a drop.
    var threshold: Double
    /// The start of a drop is where scores fell below the reference by more than this, if they did.
    var slack: Double
    var minSamples: Int
    /// Evidence of better scores that ends a drop.
    var recovery: Double
  }

  private(set) var drops = 0
  private(set) var isActive = false
  /// Of the next drop; while one is active, what it was found with.
  private(set) var evidence: Double = 0
  /// Of bettors on low scores; while a drop is active, of bettors on high ones.
  private(set) var wealth = Wealth()
  private(set) var near = Excursion()
  private(set) var far = Excursion()

  // Of the latest drop, also when it is over.

  /// The reference it was found against.
  private(set) var limit: Double = 0
  /// Halfway from the mean it was found with to the limit: scores above it speak for its end.
  private(set) var middle: Double = 0
  private(set) var start: Excursion.Start?
  /// From its start on.
  private(set) var scores = Mean()
  private(set) var rise = Excursion()
  /// Scores since it was found.
  private(set) var runsActive = 0

  /// Nothing is judged against less than the least; more than the greatest is taken for the greatest.
  static var leastReference: Double { 0.001 }
  static var greatestReference: Double { 0.999 }

  /// - Parameters:
  ///   - reference: what the mean should not be below, known before `score`.
  ///   - expectation: from the scores before.
  @inline(__always)
  mutating func apply(
    _ score: Double, at row: Excursion.Start, reference: Double, rule: Rule,
    expectation: Streaks.Expectation
  ) {
    if isActive {
      lookForEnd(score, at: row, rule: rule, expectation: expectation)
    } else if reference >= Self.leastReference {
      let limit = min(reference, Self.greatestReference)
      lookForDrop(score, at: row, limit: limit, rule: rule, expectation: expectation)
    }
  }

  @inline(__always)
  private mutating func lookForDrop(
    _ score: Double, at row: Excursion.Start, limit: Double, rule: Rule,
    expectation: Streaks.Expectation
  ) {
    let expected = expectation.below(limit)
    wealth.joinAndBet((expected - score) / (1 - expected))
    evidence = wealth.mean
    near.add(limit - score, score: score, at: row)
    if rule.slack > 0 {
      far.add((limit - rule.slack) - score, score: score, at: row)
    } else {
      far = near  // The same stretch, without the work.
    }
    if evidence >= rule.threshold, near.lasts(rule.minSamples) {
      let stretch = far.lasts(rule.minSamples) ? far : near
      begin(from: stretch.start, stretch.scores, limit: limit)
    }
  }

  /// Not inlined, because it is rare: it would take registers from what runs for every score.
  @inline(never)
  private mutating func begin(from start: Excursion.Start?, _ scores: Mean, limit: Double) {
    drops += 1
    isActive = true
    self.start = start
    self.scores = scores
    self.limit = limit
    middle = (limit + scores.sum / Double(scores.count)) / 2
    runsActive = 0
    rise.restart()
    forgetBets()
  }

  /// Not inlined, as ``begin(from:_:limit:)``.
  @inline(never)
  private mutating func lookForEnd(
    _ score: Double, at row: Excursion.Start, rule: Rule, expectation: Streaks.Expectation
  ) {
    let expected = expectation.above(middle)
    wealth.restartAndBet((score - expected) / expected)
    scores.add(score)
    runsActive += 1
    rise.add(score - middle, score: score, at: row)
    // Clearly up, and on the whole back at the limit.
    let isBack = rise.scores.sum >= limit * Double(rise.scores.count)
    if wealth.mean >= rule.recovery, isBack { end() }
  }

  /// A new drop needs evidence of its own.
  mutating func end() {
    isActive = false
    forgetEvidence()
  }

  /// The reference is another one from here on.
  mutating func forgetEvidence() {
    evidence = 0
    forgetBets()
  }

  private mutating func forgetBets() {
    wealth = Wealth()
    near = Excursion()
    far = Excursion()
  }
}

extension ReferenceWatch: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&drops)
    try coder.code(&isActive)
    try coder.code(&evidence)
    try coder.code(&wealth)
    try coder.code(&near)
    try coder.code(&far)
    try coder.code(&limit)
    try coder.code(&middle)
    try coder.code(&start)
    try coder.code(&scores)
    try coder.code(&rise)
    try coder.code(&runsActive)
  }
}
