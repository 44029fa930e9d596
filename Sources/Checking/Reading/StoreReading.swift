import ConfigurationFiles
import EvidenceStore
import ReflexiveCore

/// Reads one store once: up to the row that was its last when the reading began, so that it ends
/// beside any writer.
struct StoreReading {
  enum Step {
    case read(EvidenceSnapshot)
    /// There are more rows to read.
    case goesOn
    /// A writer is in the way. Trying again helps, at once does not.
    case waits(StoreReadError)
    case failed(StoreReadError)
  }

  private static let batchRows = 1000

  private let settings: StoreIndicators.Settings
  private let now: UnixTime
  private let tail: EvidenceTail
  private let decoder: EvidenceDecoder
  private var batch = EvidenceBatch()
  private var indicators: StoreIndicators
  /// The highest id at the first pass; `nil` before it.
  private var goal: Int64?

  /// - Parameter now: the moment of the check. Rows with a later time are ahead of the clock.
  init(_ store: CheckedStore, range: CheckRange, now: UnixTime) {
    settings = StoreIndicators.Settings(
      windows: range.windows, objectives: store.objectives, labelValues: store.limits.labelValues,
      retireAfter: store.retireAfter)
    self.now = now
    tail = EvidenceTail(path: store.path, payloadLimit: store.limits.payloadBytes)
    decoder = EvidenceDecoder(scoreScale: store.scoreScale)
    indicators = StoreIndicators(settings)
  }

  mutating func step() -> Step {
    do throws(StoreReadError) {
      let pass = try tail.readBatch(into: &batch, limit: Self.batchRows)
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
      return .waits(StoreReadError(.locked, "\(tail.path): its last rows cannot be read yet"))
    } catch {
      return error.kind == .locked ? .waits(error) : .failed(error)
    }
  }
}
