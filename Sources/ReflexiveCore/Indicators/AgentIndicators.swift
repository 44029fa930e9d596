/// The state of one agent: its executions and their scores (QSR).
struct AgentIndicators: Sendable {
  private(set) var executions = 0
  private(set) var newest: UnixTime?
  private var scores = ScoreHistogram()
  private var latest: Double?
  private(set) var means: WindowedMean
  private(set) var drops: DropWatch?
  private var lastExecution = TimeAggregate<GreatestTime>()

  init(windows: [Window], drops: DropWatch?) {
    means = WindowedMean(windows: windows)
    self.drops = drops
  }

  mutating func apply(_ execution: Evidence, now: UnixTime) {
    executions += 1
    if let time = execution.time {
      newest = max(newest ?? time, time)
      lastExecution.add(GreatestTime(time: time), at: time, now: now)
    }
    guard let quality = execution.quality else { return }
    latest = quality
    scores.add(execution.exemplar(of: quality, now: now))
    means.add(quality, of: execution.id, at: execution.time, now: now)
    drops?.apply(quality, id: execution.id, time: execution.time)
  }

  func snapshot(
    _ name: LabelValue, objective: Double, windows: [Window], at now: UnixTime
  ) -> AgentSnapshot {
    AgentSnapshot(
      name: name, executions: executions, lastExecution: lastExecution.value(at: now)?.time,
      latest: name == .overflow ? nil : latest, scores: scores.count > 0 ? scores : nil,
      averages: means.averages(windows, at: now), objective: objective,
      drops: drops?.snapshot)
  }
}

extension Evidence {
  /// The exemplar of the row's score. It leaves out a time ahead of the clock, because such an
  /// exemplar would keep out later ones.
  func exemplar(of score: Double, now: UnixTime) -> ScoreHistogram.Exemplar {
    ScoreHistogram.Exemplar(id: id, score: score, time: time.flatMap { $0 <= now ? $0 : nil })
  }
}

extension AgentIndicators: BinaryFields {
  static var blank: Self { Self(windows: [], drops: nil) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&executions)
    try coder.code(&newest)
    try coder.code(&scores)
    try coder.code(&latest)
    try coder.code(&means)
    try coder.code(&drops)
    try coder.code(&lastExecution)
  }
}
