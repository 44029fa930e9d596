import ReflexiveCore

/// What one snapshot of a store gave, beside the rows.
struct SnapshotRead {
  var reset: ResetReason?
  /// The row after which the rows of this snapshot begin; `nil` if they are the first.
  var tail: TailPosition.Row?
  var highestID: Int64?
  var info: StoreInfo

  /// Takes a snapshot, looks whether it continues what was followed, and appends the next rows.
  ///
  /// `nil` if the schema is not the one that the file's table was loaded by.
  ///
  /// - Parameter isOverwritten: the file has other content, though it is the same file.
  init?(
    _ file: StoreFile, after followed: TailPosition?, isOverwritten: Bool, limit: Int,
    into batch: inout EvidenceBatch
  ) throws(StoreReadError) {
    let reading = try file.connection.withSnapshot { () throws(StoreReadError) -> SnapshotRead? in
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
    guard let reading else { return nil }
    self = reading
  }

  private init(
    reset: ResetReason?, tail: TailPosition.Row?, highestID: Int64?, info: StoreInfo
  ) {
    self.reset = reset
    self.tail = tail
    self.highestID = highestID
    self.info = info
  }

  /// Why the table is not the one whose row `tail` was read.
  ///
  /// A table made anew that has no row at the tail, yet had ids up to it, looks the same as one whose
  /// old rows were deleted, and is taken for that.
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
