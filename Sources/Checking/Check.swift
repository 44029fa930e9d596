import ConfigurationFiles
import EvidencePostgres
import EvidenceStore
package import ReflexiveCore

/// Reads stores once and judges their evidence.
package struct Check: Sendable {
  package var stores: [CheckedStore]
  package var range: CheckRange
  package var filter: VerdictFilter
  package var noData: NoDataPolicy
  /// The time in which all stores have to be read to their end.
  package var timeLimit: Duration

  package init(
    stores: [CheckedStore], range: CheckRange = .all, filter: VerdictFilter = VerdictFilter(),
    noData: NoDataPolicy = .error, timeLimit: Duration = .seconds(60)
  ) {
    self.stores = stores
    self.range = range
    self.filter = filter
    self.noData = noData
    self.timeLimit = timeLimit
  }

  /// Runs the check. It tries a locked store again, after the others.
  ///
  /// - Parameters:
  ///   - now: the end of the range.
  ///   - errors: the problems that are known before anything is read.
  package func run(now: UnixTime, errors: [CheckError] = []) async -> CheckReport {
    let deadline = ContinuousClock.now + timeLimit
    var report = CheckReport(range: range.label, noData: noData, verdicts: [], errors: errors)
    // A store is open from its first step to its last.
    var pending: [(CheckedStore, StoreReading?)] = stores.map { ($0, nil) }
    while !pending.isEmpty {
      var locked: [(CheckedStore, StoreReading?)] = []
      for (store, begun) in pending {
        var reading = begun ?? reading(of: store, now: now)
        switch Self.read(&reading, until: deadline) {
        case .read(let evidence): judge(evidence, of: store, &report)
        case .failed(let error):
          report.errors.append(error.checkError(of: store))
        case .waits(let error):
          if ContinuousClock.now < deadline {
            locked.append((store, reading))
          } else {
            report.errors.append(error.checkError(of: store))
          }
        case .goesOn:
          report.errors.append(
            CheckError(
              store: store.name, kind: "time_limit",
              reason: "\(store.path): it was not read to its end within the time limit"))
        }
      }
      pending = locked
      if !pending.isEmpty { try? await Task.sleep(for: .milliseconds(20)) }
    }
    return CheckReport(
      range: report.range, noData: noData, verdicts: report.verdicts, errors: report.errors)
  }

  private func reading(of store: CheckedStore, now: UnixTime) -> StoreReading {
    let settings = StoreIndicators.Settings(
      windows: range.windows, objectives: store.objectives,
      labelValues: store.limits.labelValues, retireAfter: store.retireAfter)
    if let address = store.postgresql {
      return StoreReading(
        PostgresTail(address, payloadLimit: store.limits.payloadBytes), settings: settings,
        scoreScale: store.scoreScale, now: now)
    }
    return StoreReading(
      path: store.path, settings: settings, scoreScale: store.scoreScale,
      payloadLimit: store.limits.payloadBytes, now: now)
  }

  /// Reads until there is no more to read for now, at least once.
  private static func read(
    _ reading: inout StoreReading, until deadline: ContinuousClock.Instant
  ) -> StoreReading.Step {
    while true {
      let step = reading.step()
      guard case .goesOn = step, ContinuousClock.now < deadline else { return step }
    }
  }

  private func judge(
    _ evidence: EvidenceSnapshot, of store: CheckedStore, _ report: inout CheckReport
  ) {
    func verdicts(_ range: String) -> [Verdict] {
      Verdicts.make(
        evidence, store: store.name, objectives: store.objectives, range: range)
    }
    let chosen = filter.apply(
      to: verdicts(range.label), store: store.name, objectives: store.objectives,
      range: range.label)
    if chosen.isEmpty {
      report.errors.append(
        CheckError(
          store: store.name, kind: CheckError.noData,
          reason: "\(store.path): it has no evidence of what was asked for"))
    }
    let known = range.start == nil ? [] : verdicts(Window.allLabel)
    let hadSamples = Set(known.lazy.filter { $0.state != .noData }.map(Subject.init))
    report.verdicts += chosen.map { verdict in
      let isSilent = verdict.state == .noData && hadSamples.contains(Subject(verdict))
      let isOfOne = verdict.subjectKind != .store && verdict.subjectKind != .checkpoint
      return CheckedVerdict(
        verdict, counts: !(isSilent && isOfOne) || filter.isNamed(verdict))
    }
  }
}

/// The subject of a verdict, whatever the range.
private struct Subject: Hashable {
  var indicator: Verdict.Indicator
  var kind: Verdict.SubjectKind
  var name: LabelValue

  init(_ verdict: Verdict) {
    (indicator, kind, name) = (verdict.indicator, verdict.subjectKind, verdict.subject)
  }
}
