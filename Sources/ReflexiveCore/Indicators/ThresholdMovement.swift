/// A gate's adaptive threshold: its value, its moves and its drift.
struct ThresholdMovement: Sendable {
  /// A smaller difference between two thresholds is rounding, not a move.
  static let leastMove = 1e-9

  private(set) var latest: Double?
  private(set) var moves = 0
  /// Whether `calibration_needed` was true in an evaluation after the last move or, before any
  /// move, after the first threshold.
  private(set) var neededCalibrationSince = false

  private var first: Double?
  private var firstTime = TimeAggregate<EarliestTime>()
  private var moveTime = TimeAggregate<LatestTime>()
  private var windows: [SlidingWindow<ThresholdAggregate>]
  private var mean = CompensatedMean()

  init(windows: [Window]) {
    self.windows = windows.map { SlidingWindow($0) }
  }

  mutating func apply(_ evaluation: Evidence, now: UnixTime) {
    guard let threshold = evaluation.threshold else {
      if first != nil, evaluation.calibrationNeeded == true { neededCalibrationSince = true }
      return
    }
    if let latest {
      applyMove(from: latest, to: threshold, evaluation, now: now)
    } else {
      first = threshold
    }
    latest = threshold
    mean.add(threshold)
    if let time = evaluation.time {
      firstTime.add(EarliestTime(id: evaluation.id, time: time), at: time, now: now)
    }
    let summary = ThresholdAggregate(id: evaluation.id, threshold: threshold)
    var windows = windows.mutableSpan
    for index in windows.indices {
      windows[index].add(summary, of: evaluation.id, at: evaluation.time, now: now)
    }
  }

  private mutating func applyMove(
    from last: Double, to threshold: Double, _ evaluation: Evidence, now: UnixTime
  ) {
    guard abs(threshold - last) > Self.leastMove else {
      if evaluation.calibrationNeeded == true { neededCalibrationSince = true }
      return
    }
    moves += 1
    neededCalibrationSince = false
    guard let time = evaluation.time else { return }
    moveTime.add(LatestTime(id: evaluation.id, time: time), at: time, now: now)
  }

  /// The evidence time of the latest move that has one. Before any move, that of the first
  /// threshold that has one.
  func lastMoveTime(at now: UnixTime) -> UnixTime? {
    moveTime.value(at: now)?.time ?? firstTime.value(at: now)?.time
  }

  func averages(_ labels: [Window], at now: UnixTime) -> [WindowAverage] {
    var averages: [WindowAverage] = []
    for (label, window) in zip(labels, windows) {
      let mean = window.content(at: now)?.mean
      if let average = WindowAverage(label.label, mean?.value, mean?.count ?? 0) {
        averages.append(average)
      }
    }
    if let average = WindowAverage(Window.allLabel, mean.value, mean.count) {
      averages.append(average)
    }
    return averages
  }

  /// The thresholds of each piece of the window at `index`, in order of time.
  func history(_ index: Int, at now: UnixTime) -> [HistoryPoint] {
    windows[index].pieces(at: now).map { start, summary in
      HistoryPoint(start: start, length: windows[index].pieceLength, scores: summary.mean)
    }
  }

  /// The latest threshold minus the one in force when the window began. Without one that old, and
  /// over all rows, it is the latest threshold minus the first.
  func drifts(_ labels: [Window], at now: UnixTime) -> [WindowDrift] {
    guard let latest, let first else { return [] }
    var drifts: [WindowDrift] = []
    for (label, window) in zip(labels, windows) where window.content(at: now) != nil {
      let before = window.contentBefore(now)?.last.threshold ?? first
      drifts.append(WindowDrift(window: label.label, drift: latest - before))
    }
    drifts.append(WindowDrift(window: Window.allLabel, drift: latest - first))
    return drifts
  }

  /// - Parameters:
  ///   - lastEvaluation: the greatest evidence time of the gate's evaluations.
  ///   - staleness: the gate's staleness objective in seconds.
  /// - Returns: `nil` if neither a move nor the first threshold has a readable time.
  func state(at now: UnixTime, lastEvaluation: UnixTime?, staleness: Double) -> ThresholdState? {
    guard let lastMove = lastMoveTime(at: now) else { return nil }
    let edge = now.advanced(by: -staleness)
    guard let lastEvaluation, lastEvaluation > edge else { return .idle }
    if lastMove > edge { return .moving }
    return neededCalibrationSince ? .stalled : .settled
  }
}

/// The state of an adaptive threshold. The raw value is the label value of
/// `reflexive_gate_threshold_state`.
package enum ThresholdState: String, CaseIterable, Hashable, Sendable {
  /// No evaluation came within the staleness objective, so nothing could have moved it.
  case idle
  /// It moved within the staleness objective.
  case moving
  /// It has not moved, though an evaluation said that calibration was needed.
  case stalled
  /// It has not moved, and no evaluation said that it had to.
  case settled
}

/// How far a gate's threshold has drifted over one window.
package struct WindowDrift: Hashable, Sendable {
  /// The value of the label `window`.
  package var window: String
  package var drift: Double
}

/// The thresholds of several evaluations: their mean, and that of the row with the highest id.
private struct ThresholdAggregate: Aggregate {
  struct Last: Sendable {
    var id: Int64
    var threshold: Double
  }

  var mean: Mean
  var last: Last

  init(id: Int64, threshold: Double) {
    mean = Mean(of: threshold)
    last = Last(id: id, threshold: threshold)
  }

  mutating func merge(_ other: ThresholdAggregate) {
    mean.merge(other.mean)
    if other.last.id > last.id { last = other.last }
  }
}

extension ThresholdMovement: BinaryFields {
  static var blank: Self { Self(windows: []) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&latest)
    try coder.code(&moves)
    try coder.code(&neededCalibrationSince)
    try coder.code(&first)
    try coder.code(&firstTime)
    try coder.code(&moveTime)
    try coder.code(&windows)
    try coder.code(&mean)
  }
}

extension ThresholdAggregate {
  static var blank: Self { Self(id: 0, threshold: 0) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&mean)
    try coder.code(&last.id)
    try coder.code(&last.threshold)
  }
}
