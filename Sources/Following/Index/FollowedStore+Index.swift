import EvidenceStore
import LinuxSystem
import Logging
import ReflexiveCore
import RowIndex
import Synchronization

extension FollowedStore {
  /// Keeps the index in line with the database: adds missing rows and forgets deleted ones. Blocks
  /// for some milliseconds at most, or for a second while it adds rows.
  package func maintainIndex() {
    guard let index else { return }
    if let failure = index.failure {
      retryIndex(index, after: failure.description)
    } else if index.isIncomplete {
      fillIndex(until: time.monotonic().advanced(by: .seconds(1)))
    }
    // A file that the tail cannot read does not tell which rows were deleted.
    guard state.isUp else { return }
    let reader = rows
    if index.takeNews() {
      indexUpkeep.withLock { $0.noteChange() }
      let mark = index.mark
      let ends = try? reader.read(patience: .milliseconds(50)) { rows throws(StoreReadError) in
        Ends(ids: try rows.ends())
      }
      if let ends { index.retain(ends.ids, since: mark) } else { index.noteNews() }
    }
    for _ in 0..<IndexUpkeep.piecesPerTurn
    where indexUpkeep.withLock({ $0.isPieceDue(at: time.monotonic()) }) {
      guard comparePiece(index, reader) else { return }
    }
  }

  private struct Ends {
    var ids: ClosedRange<Int64>?
  }

  /// Forgets the deleted rows of one piece of the index.
  ///
  /// - Returns: `false` if the database could not be read.
  private func comparePiece(_ index: RowIndex, _ reader: any RowSource) -> Bool {
    let span = index.span(after: indexUpkeep.withLock { $0.start })
    if let span {
      let mark = index.mark
      let present = try? reader.read(patience: .milliseconds(50)) { rows throws(StoreReadError) in
        try rows.ids(in: span)
      }
      guard let present else { return false }
      index.retain(present, in: span, since: mark)
    }
    let now = time.monotonic()
    indexUpkeep.withLock {
      $0.notePiece(through: span?.upperBound, pieces: index.spanCount, at: now)
    }
    return true
  }

  private func retryIndex(_ index: RowIndex, after failure: String) {
    let now = time.monotonic()
    let (isKnown, isDue) = indexUpkeep.withLock { ($0.knowsFailure, $0.shallRetry(at: now)) }
    if !isKnown {
      logger.warning(
        "the index of rows cannot be written; pages show only the newest rows",
        metadata: ["error": .string(failure)])
    }
    if isDue { index.retryAfterFailure() }
  }

  /// Reads the rows that the index lacks again.
  ///
  /// - Parameter deadline: when to stop. The next call continues.
  package func fillIndex(until deadline: ContinuousClock.Instant) {
    guard let index, index.isIncomplete else { return }
    indexFilling.withLockIfAvailable { _ in
      fill(index, until: deadline)
    }
  }

  private func fill(_ index: RowIndex, until deadline: ContinuousClock.Instant) {
    let settings = settings
    let reader = rows
    let decoder = EvidenceDecoder(scoreScale: settings.scoreScale)
    var batch = EvidenceBatch()
    var (filling, position) = index.resumeFilling()
    while let current = filling {
      guard time.monotonic() < deadline else { return }
      batch.removeAll()
      let isRead: Void? = try? reader.read(patience: .seconds(1)) { rows throws(StoreReadError) in
        batch.removeAll()
        try rows.append(from: position, limit: 1000, to: &batch)
      }
      guard isRead != nil else { return }
      let isLast = batch.rows.isEmpty || batch.rows.last.map { $0.id >= current.tailID } ?? true
      batch.rows.removeAll { $0.id > current.tailID }
      decoder.decode(&batch, now: time.wall())
      guard index.fill(current, batch.evidence, bytes: batch.bytes) else { return }
      if let last = batch.evidence.last { position = last.id + 1 }
      if isLast { filling = index.finish(current) }
    }
    keeper?.noteFilledIndex()
  }
}
