package import EvidenceStore
package import ReflexiveCore

/// Which part of the matching rows a page shows.
package struct PageRequest: Hashable, Sendable {
  /// Only rows with lower ids.
  package var before: Int64?
  /// Only rows with higher ids; without ``before`` those that are next to it.
  package var after: Int64?
  /// How many rows at the most; at least 1.
  package var limit: Int
  /// Whether to count all matches, which takes a look at the whole index.
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

/// Rows that match a filter.
package struct EvidencePage: Hashable, Sendable {
  /// Newest first.
  package var rows: [ListedEvidence]
  /// How many rows match, on whatever page; `nil` where only some were looked at, or none counted.
  package var matches: Int?
  /// How many rows there are; `nil` where they were not counted.
  package var rowsTotal: Int?
  /// All rows were looked at.
  package var isComplete: Bool
  /// What ``PageRequest/before`` of the page of older rows is; `nil` on the last page.
  package var next: Int64?
  /// What ``PageRequest/after`` of the page of newer rows is; `nil` on the newest page.
  package var previous: Int64?
}

/// What became of one id.
package enum EvidenceLookup: Hashable, Sendable {
  case found(StoredEvidence)
  /// A row with an id as high as this was read, and this one is not there.
  case gone
  /// No row with an id as high was ever read.
  case never
}

/// One row, with its payload.
package struct StoredEvidence: Hashable, Sendable {
  package var row: ListedEvidence
  /// As it is stored, whatever its length; it need not be UTF-8. `nil` for NULL.
  package var payload: [UInt8]?
}

/// The matching rows next to one.
package struct EvidenceNeighbours: Hashable, Sendable {
  package var newer: Int64?
  package var older: Int64?
}

/// Why a question has no answer.
package enum EvidenceSearchError: Error, Hashable, Sendable {
  /// It was not ready in time: the rows are being read, or too many of them had to be looked at.
  case timedOut
  case unreadable(StoreReadError)
}
