import ReflexiveCore

/// The result of one snapshot of a store, besides the rows.
struct SnapshotRead {
  var reset: ResetReason?
  /// The last row before those of this snapshot; `nil` if they are the first.
  var tail: TailPosition.Row?
  var highestID: Int64?
  var info: StoreInfo

  /// Takes a snapshot, checks whether it continues what was followed, and appends the next rows.
  ///
  /// Returns `nil` if the schema has changed since the table was loaded.
  ///
  /// - Parameter isOverwritten: whether the content of the file was overwritten.
  init?(
    _ file: StoreFile, at version: StoreFile.FileVersion, after followed: TailPosition?,
    isOverwritten: Bool, limit: Int, into batch: inout EvidenceBatch
  ) throws(StoreReadError) {
    let read = try file.connection.withSnapshot { () throws(StoreReadError) -> SnapshotRead? in
      guard let table = try? file.currentTable() else { return nil }
      var tail = followed?.row
      var reset: ResetReason?
      var hasTail = false
      if let followed, isOverwritten || followed.identity != file.identity {
        reset = .replaced
      } else if let tail {
        (hasTail, reset) = try Self.find(tail, table)
      }
      if reset != nil { tail = nil }
      let isAtEnd = try table.rows(after: tail?.id, limit: limit, into: &batch)
      // This needs a statement of its own only if the rows do not tell.
      var highestID = isAtEnd ? batch.rows.last?.id ?? (hasTail ? tail?.id : nil) : nil
      if highestID == nil { highestID = try table.highestID() }
      return SnapshotRead(
        reset: reset, tail: tail, highestID: highestID,
        info: StoreInfo(
          timeColumn: table.timeColumn, journalMode: file.journalMode(of: table, at: version)))
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

  /// Whether the row `tail` is still there, and why the table is a new one, if it is.
  ///
  /// A new table that has no row at the tail's id, but once had ids that high, cannot be told from
  /// one whose old rows were deleted. It counts as the latter.
  private static func find(
    _ tail: TailPosition.Row, _ table: EvidenceTable
  ) throws(StoreReadError) -> (isThere: Bool, reset: ResetReason?) {
    var batch = EvidenceBatch()
    if let row = try table.row(id: tail.id, into: &batch) {
      let found = RowFingerprint(row, in: batch, time: table.timeColumn)
      return (true, found.matches(tail.fingerprint) ? nil : .recreated)
    }
    if let highestID = try table.highestID(), highestID >= tail.id { return (false, nil) }
    let isPruned = try table.highestIDEver().map { $0 >= tail.id } ?? false
    return (false, isPruned ? nil : .truncated)
  }
}
