/// The state of one subject: its reflexive maturity (RMM).
struct SubjectIndicators: Sendable {
  /// The window of the progression, in seconds.
  static let progressionWindow: Double = 7 * 86_400

  private(set) var newest: UnixTime?
  private(set) var isEmpty = true
  private var latest: Double?
  private(set) var means: WindowedMean
  private(set) var drops: DropWatch?
  private var progression = SlidingWindow<Regression>(length: progressionWindow)

  init(windows: [Window], drops: DropWatch?) {
    means = WindowedMean(windows: windows)
    self.drops = drops
  }

  mutating func apply(_ maturity: Double, id: Int64, at time: UnixTime?, now: UnixTime) {
    isEmpty = false
    latest = maturity
    means.add(maturity, of: id, at: time, now: now)
    drops?.apply(maturity, id: id, time: time)
    guard let time else { return }
    newest = max(newest ?? time, time)
    progression.add(Regression(score: maturity, at: time), at: time, now: now)
  }

  func snapshot(
    _ name: LabelValue, objective: Double, windows: [Window], at now: UnixTime
  ) -> SubjectSnapshot {
    let isSingle = name != .overflow
    let slope = isSingle ? progression.content(at: now)?.slope : nil
    return SubjectSnapshot(
      name: name, latest: isSingle ? latest : nil, averages: means.averages(windows, at: now),
      progressionPerDay: slope.map { $0 * 86_400 }.flatMap { $0.isFinite ? $0 : nil },
      objective: objective, drops: drops?.snapshot)
  }
}

extension SubjectIndicators: BinaryFields {
  static var blank: Self { Self(windows: [], drops: nil) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&newest)
    try coder.code(&isEmpty)
    try coder.code(&latest)
    try coder.code(&means)
    try coder.code(&drops)
    try coder.code(&progression)
  }
}
