/// State that can be written as bytes and read back to the last bit.
///
/// The bytes do not describe their own layout. Code that stores them has to store a version, too.
package protocol BinaryCodable {
  func write(to writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws(BinaryDecodingError)
}

/// State whose fields are coded one after the other. They are listed once, for both directions.
package protocol BinaryFields: BinaryCodable {
  /// A placeholder value, whose fields are then read.
  static var blank: Self { get }

  /// Passes each field to the coder, in an order that never changes.
  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure)
}

extension BinaryFields {
  package func write(to writer: inout ByteWriter) {
    var copy = self
    copy.code(&writer)
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = .blank
    try code(&reader)
  }
}

/// Writes fields, or reads them.
package protocol FieldCoder {
  associatedtype Failure: Error

  mutating func code(_ field: inout some BinaryCodable) throws(Failure)
  /// - Throws: if the fields that were read are implausible.
  func expect(_ isPlausible: Bool) throws(Failure)
}

/// The reason why bytes cannot be read back. State that would trap later is refused, too.
package enum BinaryDecodingError: Error, Hashable, Sendable {
  /// The bytes end too early.
  case cutShort
  /// The bytes hold a value that no state can have.
  case implausible
}

/// Collects bytes. Numbers are little-endian.
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

extension ByteWriter: FieldCoder {
  package mutating func code(_ field: inout some BinaryCodable) { field.write(to: &self) }
  /// Does nothing, because state that is written is plausible.
  package func expect(_ isPlausible: Bool) {}
}

/// Reads values in the order in which a ``ByteWriter`` wrote them.
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

  /// Reads the number of elements that follow. Each takes at least one byte, so a count above the
  /// number of remaining bytes is refused.
  package mutating func readCount() throws(BinaryDecodingError) -> Int {
    let count = Int(try readInteger(UInt32.self))
    guard count <= remaining else { throw .cutShort }
    return count
  }

  /// - Throws: ``BinaryDecodingError/implausible`` unless `isPlausible`.
  package func expect(_ isPlausible: Bool) throws(BinaryDecodingError) {
    guard isPlausible else { throw .implausible }
  }

  package func expectEnd() throws(BinaryDecodingError) { try expect(remaining == 0) }
}

extension ByteReader: FieldCoder {
  package mutating func code<Field: BinaryCodable>(
    _ field: inout Field
  ) throws(BinaryDecodingError) {
    field = try read()
  }
}
