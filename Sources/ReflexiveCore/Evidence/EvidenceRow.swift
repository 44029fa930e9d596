/// A run of bytes in the `bytes` of the ``RowBatch`` that it belongs to.
package struct ByteRange: Hashable, Sendable {
  package var offset: Int
  package var count: Int

  @inlinable
  package init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }
}

/// One column of a row, with the storage class that SQLite gives it.
///
/// Source: "Storage Classes and Datatypes", SQLite "Datatypes In SQLite", section 2.
package enum Column: Hashable, Sendable {
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
  package var event: Column
  package var payload: Column
  /// The column `ts`; ``Column/null`` where the table has none.
  package var ts: Column
  /// The column `timestamp`; ``Column/null`` where the table has none.
  package var timestamp: Column

  @inlinable
  package init(
    id: Int64, event: Column, payload: Column, ts: Column = .null, timestamp: Column = .null
  ) {
    self.id = id
    self.event = event
    self.payload = payload
    self.ts = ts
    self.timestamp = timestamp
  }
}

/// The rows of one bounded pass over a store, in the order of their ids, and the bytes of their text.
///
/// Rows hold ranges of `bytes` rather than strings, so that a pass costs no allocation per row, and
/// the database is let go before anything is decoded.
package struct RowBatch: Sendable {
  package var rows: [EvidenceRow] = []
  package var bytes: [UInt8] = []

  package init() {}

  /// Empties the batch and keeps its memory for the next pass.
  package mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Copies `source` to the end of `bytes`, with a NUL after it, and returns where it stands.
  ///
  /// The NUL is not part of the range. The payload scanner takes it as its sentinel.
  package mutating func append(_ source: UnsafeRawBufferPointer) -> ByteRange {
    let offset = bytes.count
    // Three times a row: `append(contentsOf:)` takes twice as long.
    bytes.append(addingCapacity: source.count + 1) { free in
      free.withUnsafeMutableBufferPointer { buffer, count in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
        count = source.count
      }
      free.append(0)
    }
    return ByteRange(offset: offset, count: source.count)
  }
}
