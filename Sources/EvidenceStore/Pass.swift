/// Why a store is read again from the beginning. If several reasons hold, the first in the order of
/// the cases counts. The raw value is the label value of `reflexive_store_resets_total`.
package enum ResetReason: String, CaseIterable, Hashable, Sendable {
  /// Another file is at the path.
  case replaced
  /// The highest id is below the tail, and so is `sqlite_sequence` where the table has AUTOINCREMENT.
  case truncated
  /// The row at the tail has other content.
  case recreated
}

/// The labels of `reflexive_store_info` that a pass finds.
package struct StoreInfo: Hashable, Sendable {
  /// Which time columns the table has.
  package struct TimeColumn: Hashable, Sendable, CustomStringConvertible {
    package var hasTS: Bool
    package var hasTimestamp: Bool

    package init(hasTS: Bool, hasTimestamp: Bool) {
      self.hasTS = hasTS
      self.hasTimestamp = hasTimestamp
    }

    /// The label value of `time_column`.
    package var description: String {
      switch (hasTS, hasTimestamp) {
      case (true, true): "ts,timestamp"
      case (true, false): "ts"
      case (false, true): "timestamp"
      case (false, false): "none"
      }
    }
  }

  package var timeColumn: TimeColumn
  /// As SQLite names it: `wal`, `delete` …
  package var journalMode: String

  package init(timeColumn: TimeColumn, journalMode: String) {
    self.timeColumn = timeColumn
    self.journalMode = journalMode
  }
}

/// What one pass over a store found, besides the rows.
package struct Pass: Hashable, Sendable {
  /// Why the rows of this pass are the first of a new content; `nil` if they continue the old one.
  package var reset: ResetReason?
  /// The id of the last row read, including this pass; `nil` before the first row.
  package var tailID: Int64?
  /// The highest id in the table.
  package var highestID: Int64?
  package var info: StoreInfo
  /// Bytes of the database file and its WAL.
  package var sizeBytes: Int64
  /// What is known of unread ids below the tail; `nil` where ids are committed in their order.
  package var gaps: Gaps?
  /// What is worth a line in the log.
  package var notes: [String]
  /// Whether the end was reached, where the ids alone don't tell.
  private var isAtEnd: Bool?

  /// Ids below the tail of a table in which ids are committed in any order.
  package struct Gaps: Hashable, Sendable {
    /// Intervals that are looked at again and again.
    package var unread: Int
    /// Rows that were counted after one with a higher id.
    package var late: Int
    /// Intervals that are no longer looked at, because there were too many.
    package var forgotten: Int

    package init(unread: Int, late: Int, forgotten: Int) {
      self.unread = unread
      self.late = late
      self.forgotten = forgotten
    }
  }

  package init(
    reset: ResetReason? = nil, tailID: Int64?, highestID: Int64?, info: StoreInfo, sizeBytes: Int64,
    reachedEnd: Bool? = nil, gaps: Gaps? = nil, notes: [String] = []
  ) {
    self.reset = reset
    self.tailID = tailID
    self.highestID = highestID
    self.info = info
    self.sizeBytes = sizeBytes
    self.gaps = gaps
    self.notes = notes
    isAtEnd = reachedEnd
  }

  /// Whether there is no row above the tail.
  package var reachedEnd: Bool { isAtEnd ?? (backlog == 0) }

  /// Rows not read yet, as the distance between ids.
  package var backlog: Int64 {
    guard let tailID, let highestID, highestID > tailID else { return 0 }
    let (distance, overflow) = highestID.subtractingReportingOverflow(tailID)
    return overflow ? .max : distance
  }
}
