package import ReflexiveCore

/// Holds back rows above a gap of unread ids, so that rows are counted in order of id.
package struct OrderQueue: Sendable {
  /// The most rows and bytes to hold.
  package static let rowLimit = 10_000
  package static let byteLimit = 4 << 20

  /// The waiting rows, in order of id.
  private var held = EvidenceBatch()
  /// The highest id of a counted row.
  package private(set) var highestID: Int64?
  /// The number of rows that were counted after a row with a higher id.
  package private(set) var lateRows = 0

  package init(highestID: Int64? = nil, lateRows: Int = 0) {
    self.highestID = highestID
    self.lateRows = lateRows
  }

  /// The ids of the waiting rows.
  package var ids: [Int64] { held.rows.map(\.id) }

  package var highestHeldID: Int64? { held.rows.last?.id }

  package var isEmpty: Bool { held.rows.isEmpty }

  /// Whether the queue is over its limits, so that no more rows may wait.
  package var isFull: Bool {
    held.rows.count > Self.rowLimit || held.bytes.count > Self.byteLimit
  }

  /// Takes out the rows that have to wait. The others stay in the batch, in order of id.
  ///
  /// - Parameter gap: the lowest id that rows wait for; `nil` if they wait for none.
  package mutating func order(_ batch: inout EvidenceBatch, waitingFor gap: Int64?) {
    if batch.rows.isEmpty, held.rows.isEmpty { return }
    batch.append(held)
    held.removeAll()
    if !batch.rows.isSorted { batch.rows.sort { $0.id < $1.id } }
    if let gap, let first = batch.rows.firstIndex(where: { $0.id > gap }) {
      held.append(batch, from: first)
      batch.rows.removeSubrange(first...)
    }
    count(batch.rows[...])
  }

  /// Appends all waiting rows.
  package mutating func release(into batch: inout EvidenceBatch) {
    let first = batch.rows.count
    batch.append(held)
    held.removeAll()
    count(batch.rows[first...])
  }

  private mutating func count(_ rows: ArraySlice<EvidenceRow>) {
    guard let last = rows.last?.id, let first = rows.first?.id else { return }
    if let highestID, first < highestID {
      lateRows += rows.count { $0.id < highestID }
    }
    highestID = max(highestID ?? last, last)
  }
}

extension [EvidenceRow] {
  fileprivate var isSorted: Bool {
    zip(self, dropFirst()).allSatisfy { $0.id < $1.id }
  }
}

extension EvidenceBatch {
  /// Appends rows of another batch, with copies of the bytes that they refer to.
  package mutating func append(_ other: EvidenceBatch, from first: Int = 0, count: Int = .max) {
    other.bytes.withUnsafeBytes { bytes in
      for row in other.rows[first...].prefix(count) {
        var copy = row
        for field in Self.fields { copy[keyPath: field] = self.copy(row[keyPath: field], bytes) }
        rows.append(copy)
      }
    }
  }

  private static let fields: [any WritableKeyPath<EvidenceRow, SQLiteValue> & Sendable] = [
    \.event, \.payload, \.ts, \.timestamp,
  ]

  private mutating func copy(_ value: SQLiteValue, _ bytes: UnsafeRawBufferPointer) -> SQLiteValue {
    switch value {
    case .null, .integer, .real, .tooLarge: value
    case .text(let range): .text(append(bytes, range))
    case .blob(let range): .blob(append(bytes, range))
    }
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer, _ range: ByteRange) -> ByteRange {
    append(UnsafeRawBufferPointer(rebasing: bytes[range.offset..<range.offset + range.count]))
  }
}
