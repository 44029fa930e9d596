import ReflexiveCore

/// Inserts the rows of pushes, many with one statement, so that SQLite looks up the next id once.
final class RowInsertion {
  private static let rowsAtOnce = 20

  private let database: WritableDatabase
  private let one: WritingStatement
  private let many: WritingStatement
  /// The times of the rows of one statement.
  private let times = UnsafeMutableBufferPointer<UInt8>.allocate(
    capacity: UnixTime.calendarLength * rowsAtOnce)

  /// - Parameter timeColumns: the time columns of the table, at least one.
  init(_ database: WritableDatabase, timeColumns: [String]) throws(ReceiveError) {
    self.database = database
    func sql(_ rows: Int) -> String {
      let places = (0..<rows).map { row in
        let time = timeColumns.map { _ in "?\(3 * row + 3)" }.joined(separator: ", ")
        return "(?\(3 * row + 1), ?\(3 * row + 2), \(time))"
      }
      return "INSERT INTO evidence (event, payload, \(timeColumns.joined(separator: ", "))) "
        + "VALUES \(places.joined(separator: ", "))"
    }
    one = try WritingStatement(database, sql(1))
    many = try WritingStatement(database, sql(Self.rowsAtOnce))
  }

  deinit { times.deallocate() }

  /// - Returns: the ids of the first and the last row.
  func insert(_ batch: ReceivedBatch) throws(ReceiveError) -> ClosedRange<Int64>? {
    guard !batch.rows.isEmpty else { return nil }
    return try batch.bytes.span.withUnsafeBytes { bytes throws(ReceiveError) in
      // Inserted alone, the first row tells its id.
      try insert(batch.rows[0..<1], bytes, by: one)
      let first = database.lastID
      var next = 1
      while next < batch.rows.count {
        let isFew = batch.rows.count - next < Self.rowsAtOnce
        let end = next + (isFew ? 1 : Self.rowsAtOnce)
        try insert(batch.rows[next..<end], bytes, by: isFew ? one : many)
        next = end
      }
      return first...max(first, database.lastID)
    }
  }

  private func insert(
    _ rows: ArraySlice<ReceivedBatch.Row>, _ bytes: UnsafeRawBufferPointer,
    by statement: WritingStatement
  ) throws(ReceiveError) {
    var place: Int32 = 1
    var start = 0
    for row in rows {
      let time = UnsafeMutableBufferPointer(
        rebasing: times[start..<start + UnixTime.calendarLength])
      row.time.writeCalendarText(to: time)
      statement.bind(place, text: bytes.slice(row.event))
      statement.bind(place + 1, text: bytes.slice(row.payload))
      statement.bind(place + 2, text: UnsafeRawBufferPointer(time))
      place += 3
      start += UnixTime.calendarLength
    }
    try statement.run()
    // A trigger or a constraint can drop a row without an error.
    guard database.changedRows == rows.count else {
      throw ReceiveError(.refused, "\(database.path): the table drops a row without an error")
    }
  }
}

extension UnsafeRawBufferPointer {
  /// - Parameter range: a range in these bytes.
  fileprivate func slice(_ range: ByteRange) -> UnsafeRawBufferPointer {
    let end = Swift.min(Swift.max(range.offset + range.count, 0), count)
    let start = Swift.min(Swift.max(range.offset, 0), end)
    return UnsafeRawBufferPointer(rebasing: self[start..<end])
  }
}
