package import ReflexiveCore

/// Rows that wait for a gap below them, so that they are counted in the order of their ids.
package struct OrderQueue: Sendable {
  /// More than this is never held.
  package static let rowLimit = 10_000
  package static let byteLimit = 4 << 20

  /// In the order of their ids.
  private var held = EvidenceBatch()
  /// The highest id that was counted.
  package private(set) var highestID: Int64?
  /// Rows that were counted after one with a higher id.
  package private(set) var lateRows = 0

  package init(highestID: Int64? = nil, lateRows: Int = 0) {
    self.highestID = highestID
    self.lateRows = lateRows
  }

  /// The ids of the rows that wait.
  package var ids: [Int64] { held.rows.map(\.id) }

  package var highestHeldID: Int64? { held.rows.last?.id }

  package var isEmpty: Bool { held.rows.isEmpty }

  /// More must not wait.
  package var isFull: Bool {
    held.rows.count > Self.rowLimit || held.bytes.count > Self.byteLimit
  }

  /// Takes the rows of a batch. Those that need not wait stay in it, in the order of their ids.
  ///
  /// - Parameter gap: the lowest id that rows wait for; `nil` where they wait for none.
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

  /// Appends all rows that wait.
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
  /// Appends rows of another batch, with copies of the bytes that they point into.
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
