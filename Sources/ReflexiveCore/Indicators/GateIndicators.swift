/// The state of one gate: its evaluations, its self-assessment and its threshold.
struct GateIndicators: Sendable {
  private(set) var evaluations = 0
  private(set) var newest: UnixTime?
  private var calibrationsNeeded = 0
  private var breaches = 0
  private var scores = ScoreHistogram()
  private var consistency: Double?
  private var confidence: Double?
  private(set) var consistencies: WindowedMean
  private(set) var drops: DropWatch?
  private var streak: ConsistencyStreak
  private(set) var streaks: StreakHistory
  private(set) var threshold: ThresholdMovement
  private var lastEvaluation = TimeAggregate<GreatestTime>()

  init(windows: [Window], limits: GateLimits, drops: DropWatch?) {
    consistencies = WindowedMean(windows: windows)
    self.drops = drops
    streak = ConsistencyStreak(
      objective: limits.consistency, breachLength: limits.consistencyStreak)
    streaks = StreakHistory(windows: windows)
    threshold = ThresholdMovement(windows: windows)
  }

  var lastThreshold: Double? { threshold.latest }

  mutating func apply(_ evaluation: Evidence, now: UnixTime) {
    evaluations += 1
    if evaluation.calibrationNeeded == true { calibrationsNeeded += 1 }
    if let time = evaluation.time {
      newest = max(newest ?? time, time)
      lastEvaluation.add(GreatestTime(time: time), at: time, now: now)
    }
    if let quality = evaluation.quality { scores.add(evaluation.exemplar(of: quality, now: now)) }
    if let confidence = evaluation.confidence { self.confidence = confidence }
    if let consistency = evaluation.consistency {
      self.consistency = consistency
      consistencies.add(consistency, of: evaluation.id, at: evaluation.time, now: now)
      drops?.apply(consistency, id: evaluation.id, time: evaluation.time)
    }
    if streak.apply(evaluation.consistency) { breaches += 1 }
    if evaluation.consistency != nil {
      streaks.apply(evaluation, length: streak.length, now: now)
    }
    threshold.apply(evaluation, now: now)
  }

  func snapshot(
    _ name: LabelValue, limits: GateLimits, windows: [Window], at now: UnixTime
  ) -> GateSnapshot {
    let lastEvaluation = lastEvaluation.value(at: now)?.time
    return GateSnapshot(
      name: name, evaluations: evaluations, calibrationsNeeded: calibrationsNeeded,
      lastEvaluation: lastEvaluation, scores: scores.count > 0 ? scores : nil,
      consistencyAverages: consistencies.averages(windows, at: now),
      thresholdAverages: threshold.averages(windows, at: now), limits: limits,
      own: name == .overflow
        ? nil
        : ownSnapshot(lastEvaluation: lastEvaluation, limits: limits, windows: windows, at: now))
  }

  private func ownSnapshot(
    lastEvaluation: UnixTime?, limits: GateLimits, windows: [Window], at now: UnixTime
  ) -> GateSnapshot.Own {
    GateSnapshot.Own(
      consistency: consistency, confidence: confidence, lowConsistencyStreak: streak.length,
      lowConsistencyBreaches: breaches,
      longestStreaks: streaks.longest(windows, at: now), latestStreak: streaks.latest,
      threshold: threshold.latest,
      thresholdMoves: threshold.moves, lastThresholdMove: threshold.lastMoveTime(at: now),
      thresholdDrifts: threshold.drifts(windows, at: now),
      thresholdState: threshold.state(
        at: now, lastEvaluation: lastEvaluation, staleness: limits.thresholdStaleness),
      drops: drops?.snapshot)
  }
}

extension GateIndicators: BinaryFields {
  static var blank: Self {
    Self(
      windows: [], limits: GateLimits(consistency: 0, consistencyStreak: 0, thresholdStaleness: 0),
      drops: nil)
  }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&evaluations)
    try coder.code(&newest)
    try coder.code(&calibrationsNeeded)
    try coder.code(&breaches)
    try coder.code(&scores)
    try coder.code(&consistency)
    try coder.code(&confidence)
    try coder.code(&consistencies)
    try coder.code(&drops)
    try coder.code(&streak)
    try coder.code(&streaks)
    try coder.code(&threshold)
    try coder.code(&lastEvaluation)
  }
}
