import EvidenceStore
import ReflexiveCore

/// A source of rows that can be followed. One caller at a time.
///
/// A source that can only be asked for rows needs no more than ``EvidenceSource`` and a position:
/// every turn of it reads.
protocol FollowedSource: EvidenceSource {
  /// Checks, without reading a row, whether there can be something new.
  func check() -> EvidenceTail.Check

  /// A descriptor that is readable once there is something new; -1 if nothing tells.
  var answerDescriptor: Int32 { get }

  /// Whether ``EvidenceTail/Check/writing`` means that a writer has locked the source against
  /// reads.
  var isLockedByWriters: Bool { get }

  /// Reads the next rows if that takes microseconds and waits for nothing.
  func readBatchAtOnce(into batch: inout EvidenceBatch, limit: Int) -> EvidenceTail.Attempt

  /// How far the source has been read; `nil` before the first batch.
  var storePosition: StorePosition? { get }
}

extension FollowedSource {
  func check() -> EvidenceTail.Check { .changed }

  var answerDescriptor: Int32 { -1 }

  var isLockedByWriters: Bool { false }

  func readBatchAtOnce(into batch: inout EvidenceBatch, limit: Int) -> EvidenceTail.Attempt {
    .unprepared
  }
}

extension EvidenceTail: FollowedSource {
  var isLockedByWriters: Bool { !isAttached }

  var storePosition: StorePosition? { position.map { .file($0) } }
}
