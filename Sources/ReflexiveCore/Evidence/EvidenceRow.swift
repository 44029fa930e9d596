/// A range in the `bytes` of the ``EvidenceBatch`` that it belongs to.
package struct ByteRange: Hashable, Sendable {
  package var offset: Int
  package var count: Int

  @inlinable
  package init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }
}

/// One value of a row, with its SQLite storage class.
///
/// Source: "Storage Classes and Datatypes", SQLite "Datatypes In SQLite", section 2.
package enum SQLiteValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  /// Text, with the bytes as the database has them: they need not be valid UTF-8.
  case text(ByteRange)
  case blob(ByteRange)
  /// Text or a blob above the payload limit; its bytes were not read.
  case tooLarge
}

/// One row of the evidence table, as it stands in the database.
package struct EvidenceRow: Hashable, Sendable {
  package var id: Int64
  package var event: SQLiteValue
  package var payload: SQLiteValue
  /// The column `ts`; ``SQLiteValue/null`` where the table has none.
  package var ts: SQLiteValue
  /// The column `timestamp`; ``SQLiteValue/null`` where the table has none.
  package var timestamp: SQLiteValue

  @inlinable
  package init(
    id: Int64, event: SQLiteValue, payload: SQLiteValue, ts: SQLiteValue = .null,
    timestamp: SQLiteValue = .null
  ) {
    self.id = id
    self.event = event
    self.payload = payload
    self.ts = ts
    self.timestamp = timestamp
  }
}
