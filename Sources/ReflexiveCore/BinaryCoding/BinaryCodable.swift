/// State that can be kept as bytes, and be had back from them to the last bit.
///
/// The bytes say nothing of their own layout: whoever keeps them says which version it is.
package protocol BinaryCodable {
  func write(to writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws(BinaryDecodingError)
}

/// Why bytes cannot be read back. No bytes, however made, are read as state that could trap later.
package enum BinaryDecodingError: Error, Hashable, Sendable {
  /// They end too early.
  case cutShort
  /// They say something that no state can be.
  case implausible
}

/// Collects bytes, numbers with their lowest byte first.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ value: some BinaryCodable) { value.write(to: &self) }

  package mutating func writeInteger(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func write(contentsOf more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }
}

/// Takes back, in the same order, what a ``ByteWriter`` wrote.
package struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package var remaining: Int { bytes.endIndex - position }

  package mutating func read<Value: BinaryCodable>(
    _ type: Value.Type = Value.self
  ) throws(BinaryDecodingError) -> Value {
    try Value(from: &self)
  }

  package mutating func readInteger<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) throws(BinaryDecodingError) -> Value {
    let size = MemoryLayout<Value>.size
    guard remaining >= size else { throw .cutShort }
    let value = bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: position - bytes.startIndex, as: type)
    }
    position += size
    return Value(littleEndian: value)
  }

  package mutating func readBytes(_ count: Int) throws(BinaryDecodingError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw .cutShort }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// How many elements follow. Each takes a byte at the least, so more than the bytes that are left
  /// cannot be.
  package mutating func readCount() throws(BinaryDecodingError) -> Int {
    let count = Int(try readInteger(UInt32.self))
    guard count <= remaining else { throw .cutShort }
    return count
  }

  /// Throws unless a state can be as `isPlausible` says.
  package func expect(_ isPlausible: Bool) throws(BinaryDecodingError) {
    guard isPlausible else { throw .implausible }
  }

  package func expectEnd() throws(BinaryDecodingError) { try expect(remaining == 0) }
}
