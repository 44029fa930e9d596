package import EvidenceStore
package import ReflexiveCore

/// The values that the exporter serves for one store at one moment.
package struct StoreSnapshot: Hashable, Sendable {
  /// The value of the label `store`.
  package var name: String
  /// The path as configured.
  package var path: String
  package var objectives: Objectives
  package var status: StoreStatus
  /// `nil` until the store has been read to its end, so that nothing is served half rebuilt.
  package var evidence: EvidenceSnapshot?
}

/// The state of reading one store.
package struct StoreStatus: Hashable, Sendable {
  /// Whether the latest read worked. A lock changes this only after ``StoreState/lockTolerance``.
  package var isUp = false
  /// `nil` before the first successful read.
  package var info: StoreInfo?
  /// The highest id read; 0 for none.
  package var tailID: Int64 = 0
  /// Committed rows not read yet, by id distance.
  package var backlog: Int64 = 0
  /// When the store was last read to its end.
  package var lastRead: UnixTime?
  /// The reason why the latest read failed; `nil` if it worked.
  package var failure: StoreReadError.Kind?
  package var readErrors: [StoreReadError.Kind: Int] = [:]
  package var resets: [ResetReason: Int] = [:]
  /// The size of the database file and its WAL; `nil` before the first successful read.
  package var sizeBytes: Int64?
  /// The unread ids below the tail; `nil` if ids are committed in order.
  package var gaps: Pass.Gaps?
  /// The seconds from the evidence time of a row until it is visible, for rows read after catch-up.
  package var commitToVisible = DurationHistogram(upperBounds: commitToVisibleBounds)

  package static let commitToVisibleBounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
}
