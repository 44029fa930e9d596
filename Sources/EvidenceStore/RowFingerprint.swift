package import ReflexiveCore

/// Tells whether the row at an id is still the one that was read, with 64 bits for each column.
///
/// A time column may be added, renamed or dropped later. So each column has bits of its own, and
/// only the columns that existed both times are compared.
package struct RowFingerprint: Hashable, Sendable {
  private var event: UInt64 = 0
  private var payload: UInt64 = 0
  private var ts: UInt64?
  private var timestamp: UInt64?

  private init() {}

  /// - Parameter batch: the batch that `row` belongs to.
  package init(_ row: EvidenceRow, in batch: EvidenceBatch, time: StoreInfo.TimeColumn) {
    event = Self.hash(row.event, batch.bytes)
    payload = Self.hash(row.payload, batch.bytes)
    ts = time.hasTS ? Self.hash(row.ts, batch.bytes) : nil
    timestamp = time.hasTimestamp ? Self.hash(row.timestamp, batch.bytes) : nil
  }

  package func matches(_ other: RowFingerprint) -> Bool {
    func agree(_ left: UInt64?, _ right: UInt64?) -> Bool {
      guard let left, let right else { return true }
      return left == right
    }
    return event == other.event && payload == other.payload && agree(ts, other.ts)
      && agree(timestamp, other.timestamp)
  }

  /// How many bytes of a value are hashed. The length in the seed stands for the rest.
  private static let byteLimit = 16 << 10

  /// XXH64 of a value, with its type and length as the seed.
  private static func hash(_ value: SQLiteValue, _ bytes: [UInt8]) -> UInt64 {
    switch value {
    case .null: hash(0, type: 0)
    case .tooLarge: hash(0, type: 1)
    case .integer(let value): hash(UInt64(bitPattern: value), type: 2)
    case .real(let value): hash(value.bitPattern, type: 3)
    case .text(let range): hash(range, of: bytes, type: 4)
    case .blob(let range): hash(range, of: bytes, type: 5)
    }
  }

  private static func hash(_ word: UInt64, type: UInt64) -> UInt64 {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    return XXH64.hash(bytes.span, seed: type)
  }

  private static func hash(_ range: ByteRange, of bytes: [UInt8], type: UInt64) -> UInt64 {
    let end = range.offset + min(range.count, byteLimit)
    return XXH64.hash(
      bytes.span.extracting(range.offset..<end), seed: type | UInt64(range.count) << 8)
  }
}

extension RowFingerprint: BinaryFields {
  package static var blank: Self { Self() }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&event)
    try coder.code(&payload)
    try coder.code(&ts)
    try coder.code(&timestamp)
  }
}
