/// The reason why a store is read again from the beginning. If several hold, the first in the order
/// of the cases counts. The raw value is the label value of `reflexive_store_resets_total`.
package enum ResetReason: String, CaseIterable, Hashable, Sendable {
  /// Another file is at the path.
  case replaced
  /// The highest id is below the tail, and so is `sqlite_sequence` where the table has
  /// AUTOINCREMENT.
  case truncated
  /// The row at the tail has other content.
  case recreated
}

/// The labels of `reflexive_store_info`, as a pass finds them.
package struct StoreInfo: Hashable, Sendable {
  /// The time columns of the table.
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

/// The result of one pass over a store, besides the rows.
package struct Pass: Hashable, Sendable {
  /// Why this pass starts over; `nil` if its rows continue those of the pass before.
  package var reset: ResetReason?
  /// The id of the last row read, including this pass; `nil` before the first row.
  package var tailID: Int64?
  /// The highest id in the table.
  package var highestID: Int64?
  package var info: StoreInfo
  /// The size of the database file and its WAL, in bytes.
  package var sizeBytes: Int64
  /// The unread ids below the tail; `nil` if ids are committed in order.
  package var gaps: Gaps?
  /// Lines for the log.
  package var notes: [String]
  /// Whether the end was reached, if the ids alone do not tell.
  private var isAtEnd: Bool?

  /// Counts about ids below the tail, for a table in which ids are committed in any order.
  package struct Gaps: Hashable, Sendable {
    /// The number of gaps that are looked at again and again.
    package var unread: Int
    /// The number of rows that were counted after a row with a higher id.
    package var late: Int
    /// The number of gaps that are no longer looked at, because there were too many.
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

  /// The number of rows not read yet, as the distance between ids.
  package var backlog: Int64 {
    guard let tailID, let highestID, highestID > tailID else { return 0 }
    let (distance, overflow) = highestID.subtractingReportingOverflow(tailID)
    return overflow ? .max : distance
  }
}
