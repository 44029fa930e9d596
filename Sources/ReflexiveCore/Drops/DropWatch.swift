/// Watches the scores of one agent, gate or subject for a drop: below its objective, and below its
/// own normal.
///
/// What it says is a function of the scores in the order of their ids, never of a clock. It takes
/// nothing but + − × ÷ √ and comparisons, so it is the same to the last bit on every machine.
package struct DropWatch: Hashable, Sendable {
  /// The least acceptable mean.
  private var objectiveLimit: Double
  private var minSamples: Int
  private var settings: DropSettings

  private(set) var objective = ReferenceWatch()
  private(set) var normal = ReferenceWatch()
  private(set) var learned = LearnedNormal()
  private(set) var rise = RiseDetector()
  private(set) var streaks = Streaks()
  /// Normals begun, the first included.
  private(set) var epochs = 1

  /// - Parameter minSamples: a drop has at least so many scores.
  package init(objective: Double, minSamples: Int, settings: DropSettings) {
    objectiveLimit = objective
    self.minSamples = minSamples
    self.settings = settings
  }

  /// This runs for every score of a store. So what it calls is inlined: the calls would take a good
  /// part of the time of the arithmetic.
  ///
  /// - Parameters:
  ///   - score: in [0, 1].
  ///   - time: evidence time, where it is readable.
  package mutating func apply(_ score: Double, id: Int64, time: UnixTime?) {
    let expectation = streaks.expectation
    let row = Excursion.Start(id: id, time: time)
    objective.apply(
      score, at: row, reference: objectiveLimit, rule: objectiveRule, expectation: expectation)
    let wasActive = normal.isActive
    normal.apply(score, at: row, reference: learned.low, rule: normalRule, expectation: expectation)
    if normal.isActive, normal.runsActive >= settings.normalRuns {
      normal.end()
      beginEpoch()
    }
    let centre = learned.centre
    if !wasActive, !normal.isActive { learn(score, expectation) }
    streaks.apply(score, centre: centre, isCounted: !normal.isActive)
  }

  @inline(__always)
  private mutating func learn(_ score: Double, _ expectation: Streaks.Expectation) {
    let hasRisen = rise.apply(
      score, above: learned.high, threshold: settings.normalThreshold, expectation: expectation)
    if hasRisen {
      beginEpoch()
      normal.forgetEvidence()
    }
    learned.learn(score, tolerance: settings.tolerance)
  }

  private mutating func beginEpoch() {
    epochs += 1
    learned = LearnedNormal()
    rise = RiseDetector()
  }

  private var objectiveRule: ReferenceWatch.Rule {
    ReferenceWatch.Rule(
      threshold: settings.falseAlarmRuns, slack: 0, minSamples: minSamples,
      recovery: settings.recoveryRuns)
  }

  private var normalRule: ReferenceWatch.Rule {
    ReferenceWatch.Rule(
      threshold: settings.normalThreshold, slack: settings.tolerance / 2, minSamples: minSamples,
      recovery: settings.recoveryRuns)
  }
}

extension DropWatch {
  package var snapshot: DropsSnapshot {
    DropsSnapshot(
      hasScores: streaks.last != nil, objective: objective.snapshot(reference: objectiveLimit),
      normal: normal.snapshot(reference: learned.low), normalMean: learned.scores.value)
  }
}

extension ReferenceWatch {
  /// - Parameter reference: what the next score will be held against if no drop is active.
  fileprivate func snapshot(reference: Double) -> DropSnapshot {
    let current =
      reference >= Self.leastReference ? min(reference, Self.greatestReference) : nil
    return DropSnapshot(
      drops: drops, evidence: evidence, limit: isActive ? limit : current, active: activeDrop)
  }

  private var activeDrop: DropSnapshot.Active? {
    guard isActive, let start, let mean = scores.value else { return nil }
    return DropSnapshot.Active(
      mean: mean, samples: scores.count, startID: start.id, startTime: start.time, limit: limit)
  }
}

extension DropWatch: BinaryFields {
  package static var blank: Self { Self(objective: 0, minSamples: 0, settings: .blank) }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&objectiveLimit)
    try coder.code(&minSamples)
    try coder.code(&settings)
    try coder.code(&objective)
    try coder.code(&normal)
    try coder.code(&learned)
    try coder.code(&rise)
    try coder.code(&streaks)
    try coder.code(&epochs)
  }
}
