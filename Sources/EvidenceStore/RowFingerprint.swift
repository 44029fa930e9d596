import ReflexiveCore

/// Tells whether the row at an id is still the one that was read, by 64 bits for each column.
///
/// A time column may be added, renamed or dropped later. So each column has bits of its own, and
/// only the columns that existed both times are compared.
struct RowFingerprint: Hashable, Sendable {
  private var event: UInt64
  private var payload: UInt64
  private var ts: UInt64?
  private var timestamp: UInt64?

  /// - Parameter batch: the one that `row` belongs to.
  init(_ row: EvidenceRow, in batch: EvidenceBatch, time: StoreInfo.TimeColumn) {
    event = Self.digest(row.event, batch.bytes)
    payload = Self.digest(row.payload, batch.bytes)
    ts = time.hasTS ? Self.digest(row.ts, batch.bytes) : nil
    timestamp = time.hasTimestamp ? Self.digest(row.timestamp, batch.bytes) : nil
  }

  func matches(_ other: RowFingerprint) -> Bool {
    func agree(_ left: UInt64?, _ right: UInt64?) -> Bool {
      guard let left, let right else { return true }
      return left == right
    }
    return event == other.event && payload == other.payload && agree(ts, other.ts)
      && agree(timestamp, other.timestamp)
  }

  private static func digest(_ column: SQLiteValue, _ bytes: [UInt8]) -> UInt64 {
    var digest = Digest()
    switch column {
    case .null: digest.combine(0)
    case .tooLarge: digest.combine(1)
    case .integer(let value):
      digest.combine(2)
      digest.combine(UInt64(bitPattern: value))
    case .real(let value):
      digest.combine(3)
      digest.combine(value.bitPattern)
    case .text(let range):
      digest.combine(4)
      digest.combine(range, of: bytes)
    case .blob(let range):
      digest.combine(5)
      digest.combine(range, of: bytes)
    }
    return digest.value
  }
}

extension Digest {
  /// The bytes of a value that are hashed. The hash also covers its length.
  private static let byteLimit = 16 << 10

  fileprivate mutating func combine(_ range: ByteRange, of bytes: [UInt8]) {
    combine(UInt64(range.count))
    let end = range.offset + min(range.count, Self.byteLimit)
    combine(bytes: bytes.span.extracting(range.offset..<end))
  }
}

extension RowFingerprint: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(event)
    writer.write(payload)
    writer.write(ts)
    writer.write(timestamp)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    event = try reader.read()
    payload = try reader.read()
    ts = try reader.read()
    timestamp = try reader.read()
  }
}
