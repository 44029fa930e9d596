import ReflexiveCore

/// What one snapshot of a store gave, besides the rows.
struct SnapshotRead {
  var reset: ResetReason?
  /// The last row before those of this snapshot; `nil` if they are the first.
  var tail: TailPosition.Row?
  var highestID: Int64?
  var info: StoreInfo

  /// Takes a snapshot, checks whether it continues what was followed, and appends the next rows.
  ///
  /// Returns `nil` if the schema has changed since the table was loaded.
  /// - Parameter isOverwritten: whether the same file has other content.
  init?(
    _ file: StoreFile, after followed: TailPosition?, isOverwritten: Bool, limit: Int,
    into batch: inout EvidenceBatch
  ) throws(StoreReadError) {
    let read = try file.connection.withSnapshot { () throws(StoreReadError) -> SnapshotRead? in
      guard let table = try file.currentTable() else { return nil }
      let highestID = try table.highestID()
      var tail = followed?.row
      var reset: ResetReason?
      if let followed, isOverwritten || followed.identity != file.identity {
        reset = .replaced
      } else if let tail {
        reset = try Self.resetReason(tail, table, highestID)
      }
      if reset != nil { tail = nil }
      try table.rows(after: tail?.id, limit: limit, into: &batch)
      return SnapshotRead(
        reset: reset, tail: tail, highestID: highestID,
        info: StoreInfo(timeColumn: table.timeColumn, journalMode: file.journalMode(of: table)))
    }
    guard let read else { return nil }
    self = read
  }

  private init(
    reset: ResetReason?, tail: TailPosition.Row?, highestID: Int64?, info: StoreInfo
  ) {
    self.reset = reset
    self.tail = tail
    self.highestID = highestID
    self.info = info
  }

  /// Why the table is not the one in which `tail` was read.
  ///
  /// A new table that has no row at the tail's id, but once had ids that high, cannot be told from
  /// one whose old rows were deleted. It counts as the latter.
  private static func resetReason(
    _ tail: TailPosition.Row, _ table: EvidenceTable, _ highestID: Int64?
  ) throws(StoreReadError) -> ResetReason? {
    guard let highestID, highestID >= tail.id else {
      let isPruned = try table.highestIDEver().map { $0 >= tail.id } ?? false
      return isPruned ? nil : .truncated
    }
    var batch = EvidenceBatch()
    guard let row = try table.row(id: tail.id, into: &batch) else { return nil }
    let found = RowFingerprint(row, in: batch, time: table.timeColumn)
    return found.matches(tail.fingerprint) ? nil : .recreated
  }
}
