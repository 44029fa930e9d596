import ReflexiveCore

/// Reads single rows of the database at one path for pages, with a connection of its own.
///
/// It reads as ``EvidenceTail`` does: no writer ever waits for it, and it holds nothing between two
/// reads. Not thread-safe: one caller at a time.
package final class EvidenceReader: RowSource {
  private let path: String
  private let payloadLimit: Int
  private var file: StoreFile?

  /// Creates a reader and opens nothing.
  ///
  /// - Parameter payloadLimit: the size in UTF-8 above which a value becomes
  ///   ``SQLiteValue/tooLarge``.
  package init(path: String, payloadLimit: Int) {
    self.path = path
    self.payloadLimit = min(max(payloadLimit, 0), 1_000_000_000)
  }

  /// Runs `body` on one snapshot, which should take some milliseconds at the most.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for writers.
  ///   - body: may run several times. The last run, whose result is returned, sees one committed
  ///     state.
  package func read<Result>(
    patience: Duration, _ body: (any StoredRows) throws(StoreReadError) -> Result
  ) throws(StoreReadError) -> Result {
    let deadline = Deadline(milliseconds: Int64(patience / .milliseconds(1)))
    var firstVersion: StoreFile.FileVersion?
    var step = Deadline.firstPause
    while true {
      let isLastTry = deadline.hasPassed
      let latestError: StoreReadError
      do throws(StoreReadError) {
        let file = try openFile()
        file.connection.busyDeadline = deadline
        let version = try file.version()
        if firstVersion == nil { firstVersion = version }
        let canRead = file.isSafeToRead || isLastTry && version == firstVersion && file.isReadable
        if canRead, let version, try load(file, version),
          let result = try read(file, version, body)
        {
          return result
        }
        latestError = file.writerError
      } catch {
        self.file = nil
        guard error.isTransient else { throw error }
        latestError = error
      }
      if isLastTry { throw latestError }
      Deadline.pause(&step)
    }
  }

  private func openFile() throws(StoreReadError) -> StoreFile {
    if let file, file.isCurrent { return file }
    file = nil
    let opened = try StoreFile(path: path)
    file = opened
    return opened
  }

  /// Loads the table of the file.
  ///
  /// - Returns: `false` if a writer changed the schema in the meantime.
  private func load(
    _ file: StoreFile, _ version: StoreFile.FileVersion
  ) throws(StoreReadError) -> Bool {
    do throws(StoreReadError) {
      if try file.loadTable(payloadLimit: payloadLimit, at: version) { return true }
    } catch {
      if file.confirms(version) { throw error }
    }
    self.file = nil
    return false
  }

  /// - Returns: `nil` if the file was written to in the meantime.
  private func read<Result>(
    _ file: StoreFile, _ version: StoreFile.FileVersion,
    _ body: (any StoredRows) throws(StoreReadError) -> Result
  ) throws(StoreReadError) -> Result? {
    guard !file.hasStaleCache(at: version) else {
      self.file = nil
      return nil
    }
    let result: Swift.Result<Result?, StoreReadError>
    do throws(StoreReadError) {
      result = .success(
        try file.connection.withSnapshot { () throws(StoreReadError) -> Result? in
          guard let table = try file.currentTable() else { return nil }
          return try body(EvidenceRows(table: table))
        })
    } catch {
      result = .failure(error)
    }
    guard file.confirms(version) else {
      // SQLite's cache may hold half of the old content and half of the new.
      self.file = nil
      return nil
    }
    return try result.get()
  }
}

/// The rows of one snapshot.
struct EvidenceRows: StoredRows {
  let table: EvidenceTable

  func append(id: Int64, to batch: inout EvidenceBatch) throws(StoreReadError) -> Bool {
    guard let row = try table.row(id: id, into: &batch) else { return false }
    batch.rows.append(row)
    return true
  }

  func append(
    from first: Int64, limit: Int, to batch: inout EvidenceBatch
  ) throws(StoreReadError) {
    try table.rows(
      after: first == .min ? nil : first - 1, limit: batch.rows.count + limit, into: &batch)
  }

  func ends() throws(StoreReadError) -> ClosedRange<Int64>? { try table.ends() }

  func ids(in span: ClosedRange<Int64>) throws(StoreReadError) -> [Int64] {
    try table.ids(in: span)
  }

  func highestIDs(
    in span: ClosedRange<Int64>, limit: Int
  ) throws(StoreReadError) -> [Int64] {
    try table.highestIDs(in: span, limit: limit)
  }

  func count(
    after id: Int64, through last: Int64, limit: Int
  ) throws(StoreReadError) -> (count: Int, last: Int64?) {
    try table.count(after: id, through: last, limit: limit)
  }

  func storedPayload(id: Int64) throws(StoreReadError) -> [UInt8]? {
    try table.storedPayload(id: id)
  }
}
