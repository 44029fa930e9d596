import EvidenceStore
import ReflexiveCore

/// What following a store needs of the place where its rows are. One caller at a time.
///
/// A source that can only be asked for rows needs no more than ``EvidenceSource`` and a position:
/// for it every turn reads.
protocol FollowedSource: EvidenceSource {
  /// Checks, without reading a row, whether there can be something new.
  func check() -> EvidenceTail.Check

  /// Whether ``EvidenceTail/Check/writing`` means that nothing can be read: a writer has it locked.
  var isLockedByWriters: Bool { get }

  /// Reads the next rows if that takes microseconds and waits for nothing.
  func readBatchAtOnce(into batch: inout EvidenceBatch, limit: Int) -> EvidenceTail.Attempt

  /// Where it has come to; `nil` before the first batch.
  var storePosition: StorePosition? { get }
}

extension FollowedSource {
  func check() -> EvidenceTail.Check { .changed }

  var isLockedByWriters: Bool { false }

  func readBatchAtOnce(into batch: inout EvidenceBatch, limit: Int) -> EvidenceTail.Attempt {
    .unprepared
  }
}

extension EvidenceTail: FollowedSource {
  var isLockedByWriters: Bool { !isAttached }

  var storePosition: StorePosition? { position.map { .file($0) } }
}
