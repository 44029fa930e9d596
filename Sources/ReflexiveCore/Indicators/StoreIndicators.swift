/// All indicators of one store: a function of its rows, the settings and the clock.
///
/// Rows are applied in the order of their ids. A snapshot can be taken at any time and changes
/// nothing.
package struct StoreIndicators: Sendable {
  /// The settings on which the indicators depend, besides the rows and the clock.
  package struct Settings: Hashable, Sendable {
    package var windows: [Window]
    package var objectives: Objectives
    /// The number of distinct values of each label that have series of their own.
    package var labelValues: Int
    /// Seconds after which an agent, gate or subject without new evidence is not served; `nil` for
    /// never.
    package var retireAfter: Double?

    package init(
      windows: [Window] = Window.defaults, objectives: Objectives = Objectives(),
      labelValues: Int = 500, retireAfter: Double? = nil
    ) {
      self.windows = windows
      self.objectives = objectives
      self.labelValues = labelValues
      self.retireAfter = retireAfter
    }

    /// Whether the same rows give the same state under `self` and `other`. Limits that only a
    /// snapshot uses may differ.
    package func isCompatible(with other: Settings) -> Bool {
      windows == other.windows && labelValues == other.labelValues
        && objectives.isCompatible(with: other.objectives)
    }
  }

  private(set) var settings: Settings
  private var events: LabelTable
  private var eventRows: [EventIndicators] = []
  private(set) var agentNames: LabelTable
  private(set) var agents: [AgentIndicators] = []
  private(set) var gateNames: LabelTable
  private(set) var gates: [GateIndicators] = []
  private(set) var subjectNames: LabelTable
  private(set) var subjects: [SubjectIndicators] = []
  private(set) var means: WindowedMean
  private(set) var shares: WindowedShares
  private var foldedThresholds = FoldedThresholds()
  private var rejected = Array(repeating: 0, count: Rejection.allCases.count)

  package init(_ settings: Settings) {
    self.settings = settings
    events = LabelTable(limit: settings.labelValues)
    agentNames = LabelTable(limit: settings.labelValues)
    gateNames = LabelTable(limit: settings.labelValues)
    subjectNames = LabelTable(limit: settings.labelValues)
    means = WindowedMean(windows: settings.windows)
    shares = WindowedShares(windows: settings.windows)
  }

  /// Replaces the settings, if they differ only in limits that a snapshot uses.
  ///
  /// - Returns: false, with nothing changed, if the rows have to be counted again under `settings`.
  package mutating func adopt(_ settings: Settings) -> Bool {
    guard self.settings.isCompatible(with: settings) else { return false }
    self.settings = settings
    return true
  }

  /// Applies a decoded batch. Every row has to be applied once, in order of id.
  package mutating func apply(_ batch: EvidenceBatch, at now: UnixTime) {
    var batch = batch
    apply(&batch, at: now)
  }

  /// Like ``apply(_:at:)``, but also sets the indices of the names in the evidence.
  package mutating func apply(_ batch: inout EvidenceBatch, at now: UnixTime) {
    // Taken out of the batch, so that it can change while the batch's bytes are read.
    var evidence: [Evidence] = []
    swap(&evidence, &batch.evidence)
    apply(&evidence, bytes: batch.bytes.span, now: now)
    swap(&evidence, &batch.evidence)
  }

  private mutating func apply(
    _ evidence: inout [Evidence], bytes: borrowing Span<UInt8>, now: UnixTime
  ) {
    var rows = evidence.mutableSpan
    for index in rows.indices { apply(&rows[index], bytes: bytes, now: now) }
  }

  private mutating func apply(_ row: inout Evidence, bytes: borrowing Span<UInt8>, now: UnixTime) {
    let event =
      switch row.kind {
      case .execution: LabelTable.execution
      case .evaluation: LabelTable.evaluation
      case .other: events.index(of: row.event, in: bytes)
      }
    while eventRows.count <= event { eventRows.append(EventIndicators()) }
    eventRows[event].apply(row, now: now)
    if let rejection = row.rejection, let index = Rejection.allCases.firstIndex(of: rejection) {
      rejected[index] += 1
    }
    var lastThreshold: Double?
    switch row.kind {
    case .execution: applyExecution(&row, bytes: bytes, now: now)
    case .evaluation: lastThreshold = applyEvaluation(&row, bytes: bytes, now: now)
    case .other: break
    }
    shares.apply(row, lastThreshold: lastThreshold, now: now)
    if let maturity = row.maturity {
      let index = subjectNames.index(of: row.subject, in: bytes)
      row.subjectIndex = Int32(truncatingIfNeeded: index)
      while subjects.count <= index {
        let drops = settings.objectives.drops(ofSubject: subjectNames.values[subjects.count])
        subjects.append(SubjectIndicators(windows: settings.windows, drops: drops))
      }
      subjects[index].apply(maturity, id: row.id, at: row.time, now: now)
    }
  }

  private mutating func applyExecution(
    _ row: inout Evidence, bytes: borrowing Span<UInt8>, now: UnixTime
  ) {
    let index = agentNames.index(of: row.agent, in: bytes)
    row.nameIndex = Int32(truncatingIfNeeded: index)
    while agents.count <= index {
      let drops = settings.objectives.drops(ofAgent: agentNames.values[agents.count])
      agents.append(AgentIndicators(windows: settings.windows, drops: drops))
    }
    agents[index].apply(row, now: now)
    if let quality = row.quality { means.add(quality, of: row.id, at: row.time, now: now) }
  }

  /// - Returns: the previous threshold of the gate with the name that the row has.
  private mutating func applyEvaluation(
    _ row: inout Evidence, bytes: borrowing Span<UInt8>, now: UnixTime
  ) -> Double? {
    let index = gateNames.index(of: row.gate, in: bytes)
    row.nameIndex = Int32(truncatingIfNeeded: index)
    while gates.count <= index {
      let name = gateNames.values[gates.count]
      let limits = settings.objectives.limits(of: name)
      let drops = settings.objectives.drops(ofGate: name)
      gates.append(GateIndicators(windows: settings.windows, limits: limits, drops: drops))
    }
    let isFolded = index == LabelTable.overflow || index == LabelTable.unknown
    let lastThreshold =
      isFolded
      ? foldedThresholds.replace(with: row.threshold, of: row.gate, in: bytes)
      : gates[index].lastThreshold
    gates[index].apply(row, now: now)
    return lastThreshold
  }

  /// The indicators at `now`.
  package func snapshot(at now: UnixTime) -> EvidenceSnapshot {
    EvidenceSnapshot(
      events: eventSnapshots(at: now), agents: agentSnapshots(at: now),
      gates: gateSnapshots(at: now), subjects: subjectSnapshots(at: now),
      averages: means.averages(settings.windows, at: now),
      shares: shares.shares(settings.windows, at: now),
      rejected: Dictionary(uniqueKeysWithValues: zip(Rejection.allCases, rejected)),
      overflowed: [
        .agent: agentNames.overflowedRows, .gate: gateNames.overflowedRows,
        .event: events.overflowedRows, .subject: subjectNames.overflowedRows,
      ])
  }
}

extension StoreIndicators {
  private func eventSnapshots(at now: UnixTime) -> [EventSnapshot] {
    let known: [LabelValue] = [.execution, .evaluation]
    return events.values.enumerated().compactMap { index, name in
      let event = index < eventRows.count ? eventRows[index] : EventIndicators()
      guard event.rows > 0 || known.contains(name) else { return nil }
      return EventSnapshot(name: name, rows: event.rows, lastTime: event.lastTime(at: now))
    }.sorted { $0.name < $1.name }
  }

  private func agentSnapshots(at now: UnixTime) -> [AgentSnapshot] {
    zip(agentNames.values, agents).compactMap { name, agent in
      guard agent.executions > 0, isServed(agent.newest, at: now) else { return nil }
      return agent.snapshot(
        name, objective: settings.objectives.qsr(of: name), windows: settings.windows, at: now)
    }.sorted { $0.name < $1.name }
  }

  private func gateSnapshots(at now: UnixTime) -> [GateSnapshot] {
    zip(gateNames.values, gates).compactMap { name, gate in
      guard gate.evaluations > 0, isServed(gate.newest, at: now) else { return nil }
      return gate.snapshot(
        name, limits: settings.objectives.limits(of: name), windows: settings.windows, at: now)
    }.sorted { $0.name < $1.name }
  }

  private func subjectSnapshots(at now: UnixTime) -> [SubjectSnapshot] {
    zip(subjectNames.values, subjects).compactMap { name, subject in
      guard !subject.isEmpty, isServed(subject.newest, at: now) else { return nil }
      return subject.snapshot(
        name, objective: settings.objectives.rmm(of: name), windows: settings.windows, at: now)
    }.sorted { $0.name < $1.name }
  }

  /// Whether something with this newest evidence time is not retired yet. Without a readable time
  /// its age is unknown, and it stays.
  private func isServed(_ newest: UnixTime?, at now: UnixTime) -> Bool {
    guard let retireAfter = settings.retireAfter, let newest else { return true }
    return newest >= now.advanced(by: -retireAfter)
  }
}

/// The rows of one event.
private struct EventIndicators: Sendable {
  private(set) var rows = 0
  private var greatestTime = TimeAggregate<GreatestTime>()

  mutating func apply(_ row: Evidence, now: UnixTime) {
    rows += 1
    if let time = row.time { greatestTime.add(GreatestTime(time: time), at: time, now: now) }
  }

  func lastTime(at now: UnixTime) -> UnixTime? { greatestTime.value(at: now)?.time }
}

extension LabelValue {
  /// The event of one run of an agent.
  package static let execution = LabelValue("\(Evidence.Kind.executionEvent)")
  /// The event of one decision of a gate.
  package static let evaluation = LabelValue("\(Evidence.Kind.evaluationEvent)")
}

extension EventIndicators: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&rows)
    try coder.code(&greatestTime)
  }
}

extension StoreIndicators {
  package func write(to writer: inout ByteWriter) {
    var copy = self
    for names in Self.nameTables { copy[keyPath: names].write(to: &writer) }
    copy.codeFields(&writer)
  }

  /// - Parameter settings: compatible with those of the indicators that were written.
  package init(
    _ settings: Settings, from reader: inout ByteReader
  ) throws(BinaryDecodingError) {
    self.init(settings)
    for names in Self.nameTables {
      self[keyPath: names] = try LabelTable(limit: settings.labelValues, from: &reader)
    }
    try codeFields(&reader)
  }

  private static let nameTables: [any WritableKeyPath<Self, LabelTable> & Sendable] = [
    \.events, \.agentNames, \.gateNames, \.subjectNames,
  ]

  private mutating func codeFields<Coder: FieldCoder>(
    _ coder: inout Coder
  ) throws(Coder.Failure) {
    try coder.code(&eventRows)
    try coder.code(&agents)
    try coder.code(&gates)
    try coder.code(&subjects)
    try coder.code(&means)
    try coder.code(&shares)
    try coder.code(&foldedThresholds)
    try coder.code(&rejected)
    try coder.expect(
      eventRows.count <= events.values.count && agents.count <= agentNames.values.count
        && gates.count <= gateNames.values.count && subjects.count <= subjectNames.values.count
        && rejected.count == Rejection.allCases.count)
  }
}
