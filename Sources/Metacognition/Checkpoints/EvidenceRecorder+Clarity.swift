import EvidenceStore
import NIOPosix
import ReflexiveCore

extension EvidenceRecorder {
  /// Judges whether the executions in this database say what each run was worth.
  ///
  /// It writes waiting rows first, and reads the whole database.
  public func validateArchitecturalMetacognition(
    _ objective: ClarityObjective = .init()
  ) async throws(EvidenceRecorderError) -> ClarityVerdict {
    try await validate(.architectural, objective)
  }

  /// Judges whether the evaluations in this database say how each decision came about, and whether
  /// gates calibrated themselves where they had to.
  ///
  /// It writes waiting rows first, and reads the whole database.
  public func validateProceduralMetacognition(
    _ objective: ClarityObjective = .init()
  ) async throws(EvidenceRecorderError) -> ClarityVerdict {
    try await validate(.procedural, objective)
  }

  private func validate(
    _ checkpoint: ClarityVerdict.Checkpoint, _ objective: ClarityObjective
  ) async throws(EvidenceRecorderError) -> ClarityVerdict {
    let left = await flush(within: .milliseconds(busyMilliseconds))
    guard left == 0 else { throw .failed("\(path): \(left) rows could not be written in time") }
    let range = objective.afterID.map { Window(label: "id", start: .afterID($0)) }
    var objectives = Objectives()
    objectives.clarity = objective.clarity
    objectives.minSamples = objective.minSamples
    objectives.drop = nil
    let settings = StoreIndicators.Settings(
      windows: range.map { [$0] } ?? [], objectives: objectives)
    let evidence = try await read(settings)
    let verdict = Verdicts.make(
      evidence, store: path, objectives: objectives, range: range?.label ?? Window.allLabel
    ).first { $0.indicator == .clarity && $0.subject == LabelValue(checkpoint.rawValue) }
    return ClarityVerdict(checkpoint, verdict, objective.clarity)
  }

  private func read(
    _ settings: StoreIndicators.Settings
  ) async throws(EvidenceRecorderError) -> EvidenceSnapshot {
    let (path, now, limit) = (path, time.wall(), Int64(busyMilliseconds))
    do {
      return try await threads.runIfActive {
        var reading = StoreReading(path: path, settings: settings, now: now)
        return try reading.readToEnd(waiting: limit)
      }
    } catch let error as StoreReadError {
      throw .failed(error.message)
    } catch {
      throw .cancelled
    }
  }
}

extension ClarityVerdict {
  /// - Parameter verdict: `nil` if there is no evidence of the kind.
  fileprivate init(_ checkpoint: Checkpoint, _ verdict: Verdict?, _ objective: Double) {
    let share: Double? = if case .number(let share)? = verdict?.value { share } else { nil }
    self.init(
      checkpoint: checkpoint,
      state: verdict.flatMap { State(rawValue: $0.state.rawValue) } ?? .noData, share: share,
      objective: objective, samples: verdict?.samples ?? 0, firstID: verdict?.ids?.first,
      lastID: verdict?.ids?.last)
  }
}
