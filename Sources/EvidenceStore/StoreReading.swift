package import ReflexiveCore

/// Reads one store once, up to the row that was its last when the reading began, so that it ends
/// beside any writer.
package struct StoreReading {
  package enum Step {
    case read(EvidenceSnapshot)
    /// There are more rows to read.
    case goesOn
    /// A writer is in the way. It helps to try again, but not at once.
    case waits(StoreReadError)
    case failed(StoreReadError)
  }

  private static let batchRows = 1000

  private let settings: StoreIndicators.Settings
  private let now: UnixTime
  private let source: any EvidenceSource
  private let decoder: EvidenceDecoder
  private var batch = EvidenceBatch()
  private var indicators: StoreIndicators
  /// The highest id at the first pass; `nil` before it.
  private var goal: Int64?

  /// Creates a reading and opens nothing.
  ///
  /// - Parameters:
  ///   - payloadLimit: the size above which payloads are rejected.
  ///   - now: the moment of the snapshot. Rows with a later time are ahead of the clock.
  package init(
    path: String, settings: StoreIndicators.Settings, scoreScale: Double = 1,
    payloadLimit: Int = 1 << 20, now: UnixTime
  ) {
    self.init(
      EvidenceTail(path: path, payloadLimit: payloadLimit), settings: settings,
      scoreScale: scoreScale, now: now)
  }

  /// - Parameters:
  ///   - source: a source that nobody has read from.
  ///   - now: the moment of the snapshot. Rows with a later time are ahead of the clock.
  package init(
    _ source: any EvidenceSource, settings: StoreIndicators.Settings, scoreScale: Double = 1,
    now: UnixTime
  ) {
    self.settings = settings
    self.now = now
    self.source = source
    decoder = EvidenceDecoder(scoreScale: scoreScale)
    indicators = StoreIndicators(settings)
  }

  package mutating func step() -> Step {
    do throws(StoreReadError) {
      let pass = try source.readBatch(into: &batch, limit: Self.batchRows)
      if pass.reset != nil {
        indicators = StoreIndicators(settings)
        goal = nil
      }
      if goal == nil { goal = pass.highestID }
      decoder.decode(&batch, now: now)
      indicators.apply(batch, at: now)
      if pass.reachedEnd || (pass.tailID ?? .min) >= (goal ?? .max) {
        return .read(indicators.snapshot(at: now))
      }
      guard batch.rows.isEmpty else { return .goesOn }
      return .waits(StoreReadError(.locked, "\(source.path): its last rows cannot be read yet"))
    } catch {
      return error.kind == .locked ? .waits(error) : .failed(error)
    }
  }

  /// Reads the store to its end, blocking this thread.
  ///
  /// - Parameter milliseconds: how long to wait for a writer.
  package mutating func readToEnd(
    waiting milliseconds: Int64
  ) throws(StoreReadError) -> EvidenceSnapshot {
    let deadline = Deadline(milliseconds: milliseconds)
    while true {
      switch step() {
      case .read(let evidence): return evidence
      case .goesOn: continue
      case .waits(let error):
        if deadline.hasPassed { throw error }
        Deadline.pause()
      case .failed(let error): throw error
      }
    }
  }
}
