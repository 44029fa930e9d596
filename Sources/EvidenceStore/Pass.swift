/// Why a store is read anew. The raw value is the label value of `reflexive_store_resets_total`; the
/// first that holds, in the order of the cases, is the one that counts.
package enum ResetReason: String, CaseIterable, Hashable, Sendable {
  /// Another file is at the path.
  case replaced
  /// The highest id is below the tail, and so is `sqlite_sequence` where the table has AUTOINCREMENT.
  case truncated
  /// The row at the tail has other content.
  case recreated
}

/// What `reflexive_store_info` says of a store.
package struct StoreInfo: Hashable, Sendable {
  /// Which of the two names the column of the time has.
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
  /// In SQLite's words: `wal`, `delete` …
  package var journalMode: String

  package init(timeColumn: TimeColumn, journalMode: String) {
    self.timeColumn = timeColumn
    self.journalMode = journalMode
  }
}

/// What one pass over a store found, beside the rows.
package struct Pass: Hashable, Sendable {
  /// The content is not what was followed: the rows of this pass are the first of the new content.
  package var reset: ResetReason?
  /// The id of the last row read, this pass included; `nil` for none.
  package var tailID: Int64?
  /// The highest id in the table.
  package var highestID: Int64?
  package var info: StoreInfo
  /// Bytes of the database file and its WAL.
  package var sizeBytes: Int64

  package init(
    reset: ResetReason? = nil, tailID: Int64?, highestID: Int64?, info: StoreInfo, sizeBytes: Int64
  ) {
    self.reset = reset
    self.tailID = tailID
    self.highestID = highestID
    self.info = info
    self.sizeBytes = sizeBytes
  }

  /// There is no row above the tail.
  package var reachedEnd: Bool { backlog == 0 }

  /// Rows not read yet, by the distance of ids.
  package var backlog: Int64 {
    guard let tailID, let highestID, highestID > tailID else { return 0 }
    let (distance, overflow) = highestID.subtractingReportingOverflow(tailID)
    return overflow ? .max : distance
  }
}
