/// Codes an `Int` that is a count: 0 to 2^48 - 1, so that a sum of several never overflows.
extension Int: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.writeInteger(Int64(self)) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    let count = try reader.readInteger(Int64.self)
    try reader.expect((0..<1 << 48).contains(count))
    self = Int(count)
  }
}

extension UInt8: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.writeInteger(self) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = try reader.readInteger()
  }
}

extension UInt32: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.writeInteger(self) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = try reader.readInteger()
  }
}

extension Int64: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.writeInteger(self) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = try reader.readInteger()
  }
}

extension UInt64: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.writeInteger(self) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = try reader.readInteger()
  }
}

extension Double: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.writeInteger(bitPattern) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = Double(bitPattern: try reader.readInteger())
  }
}

extension Bool: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.writeInteger(UInt8(self ? 1 : 0)) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    let byte = try reader.readInteger(UInt8.self)
    try reader.expect(byte <= 1)
    self = byte == 1
  }
}

extension Optional: BinaryCodable where Wrapped: BinaryCodable {
  package func write(to writer: inout ByteWriter) {
    writer.write(self != nil)
    if let self { writer.write(self) }
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = try reader.read(Bool.self) ? try reader.read(Wrapped.self) : nil
  }
}

extension Array: BinaryCodable where Element: BinaryCodable {
  package func write(to writer: inout ByteWriter) {
    writer.writeInteger(UInt32(clamping: count))
    for element in self { writer.write(element) }
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self = []
    for _ in 0..<(try reader.readCount()) { append(try reader.read()) }
  }
}

extension String: BinaryCodable {
  package func write(to writer: inout ByteWriter) {
    writer.writeInteger(UInt32(clamping: utf8.count))
    writer.write(contentsOf: utf8)
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    let bytes = try reader.readBytes(try reader.readCount())
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .implausible }
    self = text
  }
}

extension LabelValue: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.write(text) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self.init(try reader.read(String.self))
  }
}

extension UnixTime: BinaryCodable {
  package func write(to writer: inout ByteWriter) { writer.write(seconds) }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    guard let time = UnixTime(seconds: try reader.read()) else { throw .implausible }
    self = time
  }
}
