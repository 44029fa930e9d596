package import EvidenceStore
package import ReflexiveCore

/// The part of the matching rows that a page shows.
package struct PageRequest: Hashable, Sendable {
  /// Only rows with lower ids.
  package var before: Int64?
  /// Only rows with higher ids; without ``before``, those next to it.
  package var after: Int64?
  /// The most rows to show; at least 1.
  package var limit: Int
  /// Whether to count all matches, which scans the whole index.
  package var isCounting: Bool

  package init(
    before: Int64? = nil, after: Int64? = nil, limit: Int = 50, isCounting: Bool = true
  ) {
    self.before = before
    self.after = after
    self.limit = limit
    self.isCounting = isCounting
  }
}

/// One page of the rows that match a filter.
package struct EvidencePage: Hashable, Sendable {
  /// Newest first.
  package var rows: [ListedEvidence]
  /// The number of matches on all pages; `nil` if only some rows were looked at, or none were
  /// counted.
  package var matches: Int?
  /// The number of rows; `nil` if they were not counted.
  package var rowsTotal: Int?
  /// Whether all rows were looked at.
  package var isComplete: Bool
  /// The ``PageRequest/before`` of the page of older rows; `nil` on the last page.
  package var next: Int64?
  /// The ``PageRequest/after`` of the page of newer rows; `nil` on the newest page.
  package var previous: Int64?
}

/// The result of looking up one id.
package enum EvidenceLookup: Hashable, Sendable {
  case found(StoredEvidence)
  /// There is no such row, although an id at least as high was read.
  case gone
  /// No id as high was ever read.
  case never
}

/// One row, with its payload.
package struct StoredEvidence: Hashable, Sendable {
  package var row: ListedEvidence
  /// The payload as stored, whatever its length. It need not be UTF-8. `nil` for NULL.
  package var payload: [UInt8]?
}

/// The matching rows next to a row.
package struct EvidenceNeighbours: Hashable, Sendable {
  package var newer: Int64?
  package var older: Int64?
}

/// The reason why a search has no answer.
package enum EvidenceSearchError: Error, Hashable, Sendable {
  /// The answer was not ready in time: rows are still being read, or too many had to be looked at.
  case timedOut
  case unreadable(StoreReadError)
}
