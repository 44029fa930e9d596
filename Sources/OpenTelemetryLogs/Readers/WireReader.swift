/// Reads the binary encoding as protobuf's own parser does. It skips fields that are unknown or
/// have another wire type, and requires text to be UTF-8.
///
/// A list of bounded length holds the open messages, so no input makes the reader recurse.
/// Source: "Encoding", Protocol Buffers documentation.
struct WireReader {
  /// The deepest nesting of messages, as in protobuf's parsers.
  static let depthLimit = 100

  private struct Frame {
    var message: Message
    var end: Int
  }

  private let bytes: [UInt8]
  private var next = 0
  private var frames: [Frame] = []
  private var builder: LogsBuilder

  private init(_ bytes: [UInt8], _ builder: LogsBuilder) {
    self.bytes = bytes
    self.builder = builder
  }

  static func read(
    _ bytes: [UInt8], _ interest: LogsBuilder.Interest
  ) throws(LogsError) -> LogsRequest {
    var reader = WireReader(bytes, LogsBuilder(interest))
    try reader.run()
    return reader.builder.request
  }

  private mutating func run() throws(LogsError) {
    frames = [Frame(message: .request, end: bytes.count)]
    while let frame = frames.last {
      if next == frame.end {
        builder.leave(frame.message)
        frames.removeLast()
      } else {
        try field(of: frame)
      }
    }
  }

  private mutating func field(of frame: Frame) throws(LogsError) {
    let (number, type) = try tag(frame.end)
    let field = frame.message.fields.first { $0.number == number }
    guard let field, field.kind.wireType == type else {
      return try skip(type, number, frame.end)
    }
    switch field.kind {
    case .message(let message):
      let range = try delimited(frame.end)
      guard frames.count <= Self.depthLimit else {
        throw LogsError("the messages are nested too deep")
      }
      builder.enter(message, in: frame.message)
      frames.append(Frame(message: message, end: range.upperBound))
      next = range.lowerBound
    case .text, .bytes: try text(field, frame)
    case .bool:
      builder.set(field, of: frame.message, to: .bool(try varint(frame.end) != 0))
    case .integer:
      let value = Int64(bitPattern: try varint(frame.end))
      builder.set(field, of: frame.message, to: .integer(value))
    case .fixed64:
      builder.set(field, of: frame.message, to: .unsigned(try fixed(8, frame.end)))
    case .fixed32:
      builder.set(field, of: frame.message, to: .unsigned(try fixed(4, frame.end)))
    case .double:
      let value = Double(bitPattern: try fixed(8, frame.end))
      builder.set(field, of: frame.message, to: .double(value))
    }
  }

  private mutating func text(_ field: Message.Field, _ frame: Frame) throws(LogsError) {
    let range = try delimited(frame.end)
    let isUsed = builder.uses(field, of: frame.message)
    guard field.kind == .text else {
      if isUsed { builder.set(field, of: frame.message, to: .bytes(Array(bytes[range]))) }
      return
    }
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw LogsError("a text is not UTF-8")
    }
    if isUsed { builder.set(field, of: frame.message, to: .text(text)) }
  }
}

// MARK: - Parts

extension WireReader {
  private static let broken = LogsError("this is not a whole protobuf message")

  private mutating func tag(_ end: Int) throws(LogsError) -> (number: UInt32, type: UInt8) {
    let start = next
    let tag = try varint(end)
    guard let tag = UInt32(exactly: tag), tag >> 3 > 0, next - start <= 5 else {
      throw Self.broken
    }
    return (tag >> 3, UInt8(tag & 7))
  }

  private mutating func varint(_ end: Int) throws(LogsError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard next < end else { throw Self.broken }
      let byte = bytes[next]
      next += 1
      value |= UInt64(byte & 0x7F) << shift
      // The tenth byte has room for one bit. The others are dropped, as in protobuf's parsers.
      if byte < 0x80 { return value }
    }
    throw Self.broken
  }

  private mutating func fixed(_ count: Int, _ end: Int) throws(LogsError) -> UInt64 {
    guard count <= end - next else { throw Self.broken }
    defer { next += count }
    return bytes[next..<next + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads the range of a field that begins with its length, and moves to its end.
  private mutating func delimited(_ end: Int) throws(LogsError) -> Range<Int> {
    let length = try varint(end)
    guard length <= UInt64(end - next) else { throw Self.broken }
    defer { next += Int(length) }
    return next..<next + Int(length)
  }

  private mutating func skip(
    _ type: UInt8, _ number: UInt32, _ end: Int
  ) throws(LogsError) {
    var groups: [UInt32] = []
    var (type, number) = (type, number)
    while true {
      switch type {
      case 0: _ = try varint(end)
      case 1: _ = try fixed(8, end)
      case 2: _ = try delimited(end)
      case 5: _ = try fixed(4, end)
      case 3:
        groups.append(number)
        guard frames.count + groups.count <= Self.depthLimit + 1 else {
          throw LogsError("the groups are nested too deep")
        }
      case 4:
        guard groups.popLast() == number else { throw Self.broken }
      default: throw Self.broken
      }
      if groups.isEmpty { return }
      (number, type) = try tag(end)
    }
  }
}

extension Message.Kind {
  fileprivate var wireType: UInt8 {
    switch self {
    case .bool, .integer: 0
    case .fixed64, .double: 1
    case .message, .text, .bytes: 2
    case .fixed32: 5
    }
  }
}
