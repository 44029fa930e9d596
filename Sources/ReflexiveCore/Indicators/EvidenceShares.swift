/// How much of a store's evidence can be used.
package struct EvidenceShares: Aggregate, Hashable {
  /// The share of all rows that are rejected. A time ahead of the clock alone doesn't count.
  package private(set) var rejected = Share()
  /// The share of executions that name their agent and carry a usable score and a readable time.
  package private(set) var architectural = Share()
  /// The share of evaluations that name their gate, carry all that a gate decides by, and whose
  /// threshold moved where calibration was needed.
  package private(set) var procedural = Share()

  init() {}

  @inline(__always)
  fileprivate mutating func add(_ row: CountedRow) {
    rejected.add(row.id, weight: 1, isPart: row.isRejected)
    architectural.add(row.id, weight: row.execution, isPart: row.isComplete)
    procedural.add(row.id, weight: row.evaluation, isPart: row.isComplete)
  }

  fileprivate mutating func addLateRejections(_ late: Share) { rejected.merge(late) }

  package mutating func merge(_ other: EvidenceShares) {
    rejected.merge(other.rejected)
    architectural.merge(other.architectural)
    procedural.merge(other.procedural)
  }
}

/// What one row contributes to the shares.
private struct CountedRow {
  var id: Int64
  var isRejected: Bool
  /// 1 for a row of this kind, else 0.
  var execution = 0
  var evaluation = 0
  /// Whether the row carries all that a row of its kind should.
  var isComplete = false

  /// - Parameter lastThreshold: the last usable threshold of the row's gate before this row.
  init(_ row: Evidence, rejection: Rejection?, lastThreshold: Double?) {
    id = row.id
    isRejected = rejection != nil && rejection != .futureTimestamp
    switch row.kind {
    case .execution: (execution, isComplete) = (1, row.isCompleteExecution)
    case .evaluation:
      (evaluation, isComplete) = (1, row.isCompleteEvaluation(after: lastThreshold))
    case .other: break
    }
  }
}

/// The shares of one window.
package struct WindowShares: Hashable, Sendable {
  /// The value of the label `window`.
  package var window: String
  package var shares: EvidenceShares
}

/// The shares in each configured window and over all rows.
///
/// In a window of time, a row without a readable time takes the greatest time of earlier rows that
/// were not ahead of the clock when read. Otherwise such rows would be missing where most rows are
/// broken.
struct WindowedShares: Sendable {
  private var windows: [SlidingWindow<EvidenceShares>]
  private var all = EvidenceShares()
  /// Rejections of rows that were ahead of the clock when read, held until it reaches their times.
  private var lateRejections = TimeAggregate<Share>()
  private var greatestTime: UnixTime?

  init(windows: [Window]) {
    self.windows = windows.map { SlidingWindow($0) }
  }

  mutating func apply(_ row: Evidence, lastThreshold: Double?, now: UnixTime) {
    let counted = CountedRow(row, rejection: row.rejection, lastThreshold: lastThreshold)
    all.add(counted)
    if row.rejection == .futureTimestamp {
      applyAhead(row, counted, lastThreshold, now: now)
    } else {
      let time = row.time ?? greatestTime
      var windows = windows.mutableSpan
      for index in windows.indices {
        windows[index].update(EvidenceShares(), of: row.id, at: time, now: now) { $0.add(counted) }
      }
    }
    if let time = row.time, time <= now { greatestTime = max(greatestTime ?? time, time) }
  }

  /// Applies a row ahead of the clock. Its other faults count once the clock reaches its time.
  private mutating func applyAhead(
    _ row: Evidence, _ counted: CountedRow, _ lastThreshold: Double?, now: UnixTime
  ) {
    let due = CountedRow(row, rejection: row.rejectionWhenDue, lastThreshold: lastThreshold)
    for index in windows.indices {
      let counted = windows[index].slides ? due : counted
      windows[index].update(EvidenceShares(), of: row.id, at: row.time, now: now) {
        $0.add(counted)
      }
    }
    guard row.rejectionWhenDue != nil, let time = row.time else { return }
    lateRejections.add(.latePart, at: time, now: now)
  }

  /// The shares of each piece of the window at `index`, in order of time.
  func pieces(_ index: Int, at now: UnixTime) -> [(start: UnixTime, content: EvidenceShares)] {
    windows[index].pieces(at: now)
  }

  func shares(_ labels: [Window], at now: UnixTime) -> [WindowShares] {
    var shares = zip(labels, windows).map { label, window in
      WindowShares(window: label.label, shares: window.content(at: now) ?? EvidenceShares())
    }
    var all = all
    if let late = lateRejections.value(at: now) { all.addLateRejections(late) }
    shares.append(WindowShares(window: Window.allLabel, shares: all))
    return shares
  }
}

extension Evidence {
  fileprivate var isCompleteExecution: Bool { agent != .unknown && quality != nil && time != nil }

  fileprivate func isCompleteEvaluation(after lastThreshold: Double?) -> Bool {
    guard gate != .unknown, consistency != nil, confidence != nil, let calibrationNeeded,
      let threshold
    else { return false }
    guard calibrationNeeded, let lastThreshold else { return true }
    return abs(threshold - lastThreshold) > ThresholdMovement.leastMove
  }
}

// MARK: - As bytes

extension EvidenceShares {
  package static var blank: Self { Self() }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&rejected)
    try coder.code(&architectural)
    try coder.code(&procedural)
  }
}

extension WindowedShares: BinaryFields {
  static var blank: Self { Self(windows: []) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&windows)
    try coder.code(&all)
    try coder.code(&lateRejections)
    try coder.code(&greatestTime)
  }
}
