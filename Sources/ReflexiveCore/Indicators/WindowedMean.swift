/// The mean of a score in each configured window and over all rows.
struct WindowedMean: Sendable {
  private var windows: [SlidingWindow<SampledMean>]
  private var all = CompensatedMean()
  private var allIDs: IDSpan?

  init(windows: [Window]) {
    self.windows = windows.map { SlidingWindow($0) }
  }

  /// - Parameters:
  ///   - id: the id of the row with the score.
  ///   - time: the evidence time; if it is `nil`, the score is in no window of time.
  mutating func add(_ score: Double, of id: Int64, at time: UnixTime?, now: UnixTime) {
    let sample = SampledMean(of: score, id: id)
    all.add(score)
    if allIDs == nil { allIDs = sample.ids } else { allIDs?.merge(sample.ids) }
    var windows = windows.mutableSpan
    for index in windows.indices { windows[index].add(sample, of: id, at: time, now: now) }
  }

  /// One mean for each window that has a score, in the order of the configuration, then `all`.
  func averages(_ labels: [Window], at now: UnixTime) -> [WindowAverage] {
    var averages: [WindowAverage] = []
    for (label, window) in zip(labels, windows) {
      let sample = window.content(at: now)
      if let average = WindowAverage(
        label.label, sample?.mean.value, sample?.mean.count ?? 0, ids: sample?.ids)
      {
        averages.append(average)
      }
    }
    if let average = WindowAverage(Window.allLabel, all.value, all.count, ids: allIDs) {
      averages.append(average)
    }
    return averages
  }
}

extension WindowedMean {
  /// The scores of each piece of the window at `index`, in order of time.
  func history(_ index: Int, at now: UnixTime) -> [HistoryPoint] {
    windows[index].pieces(at: now).map { start, sample in
      HistoryPoint(
        start: start, length: windows[index].pieceLength, scores: sample.mean, ids: sample.ids)
    }
  }
}

/// The mean of the scores in one window and their number, at least one.
package struct WindowAverage: Hashable, Sendable {
  /// The value of the label `window`.
  package var window: String
  /// Rounded to 9 decimals.
  package var mean: Double
  package var samples: Int
  /// The ids of the rows with the scores; `nil` where they are not kept.
  package var ids: IDSpan?

  /// Creates an average; `nil` without a mean.
  init?(_ window: String, _ mean: Double?, _ samples: Int, ids: IDSpan? = nil) {
    guard let mean else { return nil }
    self.window = window
    self.mean = mean
    self.samples = samples
    self.ids = ids
  }
}

/// The mean of scores, and the ids of their rows.
struct SampledMean: Aggregate {
  var mean: Mean
  var ids: IDSpan

  init(of score: Double, id: Int64) {
    mean = Mean(of: score)
    ids = IDSpan(id)
  }

  mutating func merge(_ other: SampledMean) {
    mean.merge(other.mean)
    ids.merge(other.ids)
  }
}

// MARK: - As bytes

extension SampledMean {
  static var blank: Self { Self(of: 0, id: 0) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&mean)
    try coder.code(&ids)
  }
}

extension WindowedMean: BinaryFields {
  static var blank: Self { Self(windows: []) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&windows)
    try coder.code(&all)
    try coder.code(&allIDs)
  }
}
