import ReflexiveCore

/// Verdicts as the contract words them, from the rows as they are: every number by a search through
/// all rows.
struct VerdictOracle {
  enum Range {
    case all
    case after(Double)
    case afterID(Int64)
  }

  let rows: [InventedRow]
  let objectives: Objectives
  let labelValues: Int
  let now: Double
  let range: Range
  let label: String

  var verdicts: [Verdict] {
    let agents = rows.filter { $0.kind == .execution }
    let gates = rows.filter { $0.kind == .evaluation }
    let subjects = rows.filter { $0.maturity != nil }
    var verdicts = [
      mean(agents, \.quality, .qsr, .store, "s", objectives.qsr), rejected,
    ]
    for (name, rows) in told(agents, by: \.name) {
      let limit = objectives.qsr(of: name)
      verdicts.append(mean(rows, \.quality, .qsr, .agent, name, limit))
      verdicts += drop(rows, \.quality, .agent, name, limit)
    }
    for (name, rows) in told(subjects, by: subject) {
      let limit = objectives.rmm(of: name)
      verdicts.append(mean(rows, \.maturity, .rmm, .subject, name, limit))
      verdicts += drop(rows, \.maturity, .subject, name, limit)
    }
    for (name, rows) in told(gates, by: \.name) {
      verdicts.append(streak(of: name, rows))
      verdicts += drop(rows, \.consistency, .gate, name, objectives.limits(of: name).consistency)
      if let verdict = threshold(of: name, rows) { verdicts.append(verdict) }
    }
    if !agents.isEmpty {
      verdicts.append(
        clarity("architectural", agents) { !$0.name.isEmpty && $0.quality != nil && $0.time != nil }
      )
    }
    if !gates.isEmpty { verdicts.append(clarity("procedural", gates, isComplete: isComplete)) }
    return verdicts.sorted()
  }

  // MARK: - Ranges

  /// Whether the row is in the range, `time` being its evidence time or what stands for it.
  private func contains(_ row: InventedRow, at time: Double?) -> Bool {
    switch range {
    case .all: true
    case .after(let start): time.map { $0 > start && $0 <= now } ?? false
    case .afterID(let id): row.id > id
    }
  }

  /// The greatest readable time before the row, rows ahead of the clock left out.
  private func timeBefore(_ row: InventedRow) -> Double? {
    rows.filter { $0.id < row.id }.compactMap(\.time).filter { $0 <= now }.max()
  }

  // MARK: - Names

  /// The rows of each name that has series of its own.
  private func told(
    _ rows: [InventedRow], by name: (InventedRow) -> String
  ) -> [(LabelValue, [InventedRow])] {
    var told: [LabelValue] = []
    var taken = 0
    let free: [LabelValue] = [
      "unknown", "metacognitive_agent_execution", "quality_gate_evaluation",
    ]
    for row in rows {
      let name = LabelValue(name(row).isEmpty ? "unknown" : name(row))
      guard !told.contains(name), name != .overflow, name.text.utf8.count <= 256 else { continue }
      if free.contains(name) {
        told.append(name)
      } else if taken < labelValues {
        told.append(name)
        taken += 1
      }
    }
    return told.map { label in
      (label, rows.filter { LabelValue(name($0).isEmpty ? "unknown" : name($0)) == label })
    }
  }

  private func subject(_ row: InventedRow) -> String {
    if !row.name.isEmpty { return row.name }
    return switch row.kind {
    case .execution: "metacognitive_agent_execution"
    case .evaluation: "quality_gate_evaluation"
    case .note: "note"
    }
  }

  // MARK: - Indicators

  private func mean(
    _ rows: [InventedRow], _ score: KeyPath<InventedRow, Double?>, _ indicator: Verdict.Indicator,
    _ kind: Verdict.SubjectKind, _ subject: LabelValue, _ limit: Double
  ) -> Verdict {
    let samples = rows.filter { $0[keyPath: score] != nil && contains($0, at: $0.time) }
    let sum = samples.reduce(0) { $0 + ($1[keyPath: score] ?? 0) }
    let value = round(sum / Double(samples.count))
    return Verdict(
      store: "s", indicator: indicator, subjectKind: kind, subject: subject, range: label,
      value: samples.isEmpty ? nil : .number(value), limit: .number(limit), comparison: .atLeast,
      samples: samples.count, state: state(samples.count, isGood: value >= limit),
      ids: span(samples))
  }

  private func streak(of gate: LabelValue, _ rows: [InventedRow]) -> Verdict {
    let limits = objectives.limits(of: gate)
    let rows = rows.filter { $0.consistency != nil }
    var streaks: [[InventedRow]] = [[]]
    for row in rows {
      if (row.consistency ?? 1) < limits.consistency {
        streaks[streaks.count - 1].append(row)
      } else {
        streaks.append([])
      }
    }
    let unbroken = streaks.count - 1
    var best: (streak: [InventedRow], reach: Double)?
    for (index, streak) in streaks.enumerated() where !streak.isEmpty {
      let reaching = streak.filter { contains($0, at: $0.time) }
      guard index == unbroken || !reaching.isEmpty else { continue }
      let times = reaching.compactMap(\.time)
      let reach: Double =
        if case .after = range, index != unbroken { times.max() ?? 0 } else { .infinity }
      if let found = best, (found.streak.count, found.reach) > (streak.count, reach) { continue }
      best = (streak, reach)
    }
    let samples = rows.count { contains($0, at: $0.time) }
    let length = best?.streak.count ?? 0
    let isKnown = best != nil || samples > 0
    return Verdict(
      store: "s", indicator: .consistencyStreak, subjectKind: .gate, subject: gate, range: label,
      value: isKnown ? .number(Double(length)) : nil,
      limit: .number(Double(limits.consistencyStreak)), comparison: .below, samples: samples,
      state: !isKnown ? .noData : length < limits.consistencyStreak ? .good : .breached,
      ids: span(best?.streak ?? []))
  }

  /// The detector has vectors of its own; here it is one of each name, fed with nothing else.
  private func drop(
    _ rows: [InventedRow], _ score: KeyPath<InventedRow, Double?>, _ kind: Verdict.SubjectKind,
    _ subject: LabelValue, _ limit: Double
  ) -> [Verdict] {
    guard let settings = objectives.drop else { return [] }
    let rows = rows.filter { $0[keyPath: score] != nil }
    guard let last = rows.last else { return [] }
    var watch = DropWatch(objective: limit, minSamples: objectives.minSamples, settings: settings)
    for row in rows { watch.apply(row[keyPath: score] ?? 0, id: row.id, time: nil) }
    var verdict = Verdict(
      store: "s", indicator: .drop, subjectKind: kind, subject: subject, range: label,
      limit: .number(limit), comparison: .atLeast, state: .good)
    let found = [watch.snapshot.objective, watch.snapshot.normal].compactMap { drop in
      drop.active.map { (drop: $0, limit: drop.limit ?? 0) }
    }
    let breaches = found.enumerated().filter { index, found in
      index == 0 && watch.snapshot.objective.active != nil || round(found.drop.mean) < limit
    }
    guard let worst = breaches.map(\.element).min(by: { $0.drop.mean < $1.drop.mean }) else {
      return [verdict]
    }
    verdict.value = .number(round(worst.drop.mean))
    verdict.limit = .number(worst.limit)
    verdict.samples = worst.drop.samples
    verdict.state = .breached
    verdict.ids = IDSpan(worst.drop.startID)
    verdict.ids?.merge(IDSpan(last.id))
    return [verdict]
  }

  private func threshold(of gate: LabelValue, _ rows: [InventedRow]) -> Verdict? {
    let usable = rows.filter { $0.threshold != nil }
    let timed = { (row: InventedRow) in row.time.map { $0 <= now + 300 } ?? false }
    let moves = zip(usable, usable.dropFirst()).filter { before, after in
      abs((after.threshold ?? 0) - (before.threshold ?? 0)) > 1e-9
    }.map(\.1)
    guard let last = moves.last(where: timed)?.time ?? usable.first(where: timed)?.time else {
      return nil
    }
    let edge = now - objectives.limits(of: gate).thresholdStaleness
    let newest = rows.compactMap(\.time).filter { $0 <= now + 300 }.max() ?? edge
    let since = moves.last?.id ?? usable[0].id
    let isNeeded = rows.contains { $0.id > since && $0.calibrationNeeded == true }
    let state: ThresholdState =
      newest <= edge ? .idle : last > edge ? .moving : isNeeded ? .stalled : .settled
    return Verdict(
      store: "s", indicator: .threshold, subjectKind: .gate, subject: gate, range: label,
      value: .text(state.rawValue), limit: .text("stalled"), comparison: .different, samples: nil,
      state: state == .stalled ? .breached : .good)
  }

  private var rejected: Verdict {
    let samples = rows.filter { contains($0, at: $0.time ?? timeBefore($0)) }
    let bad = samples.count {
      let reason = $0.rejection(at: now)
      return reason != nil && reason != .futureTimestamp
    }
    let value = round(Double(bad) / Double(samples.count))
    return Verdict(
      store: "s", indicator: .rejected, subjectKind: .store, subject: "s", range: label,
      value: samples.isEmpty ? nil : .number(value), limit: .number(0.01), comparison: .atMost,
      samples: samples.count,
      state: state(samples.count, isGood: value <= 0.01 || bad < objectives.minSamples),
      ids: span(samples))
  }

  private func clarity(
    _ checkpoint: LabelValue, _ rows: [InventedRow], isComplete: (InventedRow) -> Bool
  ) -> Verdict {
    let samples = rows.filter { contains($0, at: $0.time ?? timeBefore($0)) }
    let value = round(Double(samples.count(where: isComplete)) / Double(samples.count))
    return Verdict(
      store: "s", indicator: .clarity, subjectKind: .checkpoint, subject: checkpoint, range: label,
      value: samples.isEmpty ? nil : .number(value), limit: .number(objectives.clarity),
      comparison: .atLeast, samples: samples.count,
      state: state(samples.count, isGood: value >= objectives.clarity), ids: span(samples))
  }

  private func isComplete(_ row: InventedRow) -> Bool {
    guard !row.name.isEmpty, row.consistency != nil, row.confidence != nil,
      let needed = row.calibrationNeeded, let threshold = row.threshold
    else { return false }
    let before = rows.last {
      $0.kind == .evaluation && $0.id < row.id && LabelValue($0.name) == LabelValue(row.name)
        && $0.threshold != nil
    }
    guard needed, let before = before?.threshold else { return true }
    return abs(threshold - before) > 1e-9
  }

  private func state(_ samples: Int, isGood: Bool) -> Verdict.State {
    if samples == 0 { return .noData }
    if samples < objectives.minSamples { return .tooFew }
    return isGood ? .good : .breached
  }

  private func span(_ rows: [InventedRow]) -> IDSpan? {
    guard let first = rows.first, let last = rows.last else { return nil }
    var span = IDSpan(first.id)
    span.merge(IDSpan(last.id))
    return span
  }

  private func round(_ value: Double) -> Double {
    let scaled = value * 1e9
    return scaled.rounded() / 1e9
  }
}
