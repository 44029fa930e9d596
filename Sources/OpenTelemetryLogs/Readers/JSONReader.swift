/// Reads the JSON encoding. It skips unknown members and refuses values of a wrong type.
///
/// A list of bounded length holds the open values, so no input makes the reader recurse.
/// Source: "JSON Protobuf Encoding", OpenTelemetry protocol specification; "ProtoJSON Format",
/// Protocol Buffers documentation.
struct JSONReader {
  /// The deepest nesting of objects and arrays.
  static let depthLimit = 512

  fileprivate enum Frame {
    case object(Message)
    case array(Message.Field, of: Message)
    /// The object of an unknown member.
    case skippedObject
    case skippedArray
  }

  private var tokens: JSONTokens
  private var frames: [Frame] = []
  private var builder: LogsBuilder

  static func read(
    _ bytes: [UInt8], _ interest: LogsBuilder.Interest
  ) throws(LogsError) -> LogsRequest {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw LogsError("this is not UTF-8")
    }
    var reader = JSONReader(tokens: JSONTokens(bytes), builder: LogsBuilder(interest))
    try reader.run()
    return reader.builder.request
  }

  private init(tokens: JSONTokens, builder: LogsBuilder) {
    self.tokens = tokens
    self.builder = builder
  }

  private mutating func run() throws(LogsError) {
    guard try tokens.token() == .openObject else { throw LogsError("this is not a JSON object") }
    frames = [.object(.request)]
    var isFirst = true
    while let frame = frames.last {
      let depth = frames.count
      let token = try tokens.token()
      if token == frame.closing {
        close(frame)
        isFirst = false
        continue
      }
      var value = token
      if !isFirst {
        guard token == .comma else { throw JSONTokens.broken }
        value = try tokens.token()
      }
      try element(value, of: frame)
      isFirst = frames.count > depth
    }
    guard try tokens.token() == .end else { throw JSONTokens.broken }
  }

  private mutating func close(_ frame: Frame) {
    frames.removeLast()
    if case .object(let message) = frame { builder.leave(message) }
  }

  /// Reads an element of an array, or a member of an object.
  ///
  /// - Parameter first: its first token.
  private mutating func element(
    _ first: JSONTokens.Token, of frame: Frame
  ) throws(LogsError) {
    switch frame {
    case .skippedArray: try skip(first)
    case .array(let field, let message):
      try value(first, of: field, in: message, isElement: true)
    case .skippedObject:
      _ = try name(first)
      try skip(try tokens.token())
    case .object(let message):
      let name = try name(first)
      let token = try tokens.token()
      guard let field = message.fields.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
      else { return try skip(token) }
      try value(token, of: field, in: message, isElement: false)
    }
  }

  /// Reads the name of a member and its colon.
  private mutating func name(_ token: JSONTokens.Token) throws(LogsError) -> String {
    guard case .string(let range, let isEscaped) = token, try tokens.token() == .colon else {
      throw JSONTokens.broken
    }
    return tokens.text(range, isEscaped: isEscaped)
  }

  private mutating func skip(_ first: JSONTokens.Token) throws(LogsError) {
    switch first {
    case .openObject: try open(.skippedObject)
    case .openArray: try open(.skippedArray)
    case .string, .number, .bool, .null: break
    case .closeObject, .closeArray, .comma, .colon, .end: throw JSONTokens.broken
    }
  }

  private mutating func open(_ frame: Frame) throws(LogsError) {
    guard frames.count < Self.depthLimit else {
      throw LogsError("the values are nested too deep")
    }
    frames.append(frame)
  }

  private mutating func value(
    _ first: JSONTokens.Token, of field: Message.Field, in message: Message, isElement: Bool
  ) throws(LogsError) {
    if field.isRepeated, !isElement {
      switch first {
      case .openArray: return try open(.array(field, of: message))
      case .null: return
      default: throw first.isValue ? wrongType(field, "an array") : JSONTokens.broken
      }
    }
    if case .message(let inner) = field.kind {
      switch first {
      case .openObject:
        try open(.object(inner))
        builder.enter(inner, in: message)
      case .null where !isElement: break
      default: throw first.isValue ? wrongType(field, "an object") : JSONTokens.broken
      }
      return
    }
    if first == .null, !isElement { return }
    guard let value = try scalar(first, field) else { throw wrongType(field, field.kind.words) }
    builder.set(field, of: message, to: value)
  }

  /// - Returns: `nil` for a value of another type.
  private func scalar(
    _ token: JSONTokens.Token, _ field: Message.Field
  ) throws(LogsError) -> Scalar? {
    guard token.isValue else { throw JSONTokens.broken }
    switch (token, field.kind) {
    case (.bool(let flag), .bool): return .bool(flag)
    case (.string(let range, let isEscaped), .text):
      return .text(tokens.text(range, isEscaped: isEscaped))
    case (.string(let range, let isEscaped), .bytes(let isHex)):
      return .bytes(isHex ? HexDigits.bytes(tokens.text(range, isEscaped: isEscaped)) : [])
    case (.string(let range, let isEscaped), let kind):
      return number(tokens.text(range, isEscaped: isEscaped), kind, isQuoted: true)
    case (.number(let range), let kind):
      return number(
        String(decoding: tokens.bytes[range], as: UTF8.self), kind, isQuoted: false)
    default: return nil
    }
  }

  private func number(_ text: String, _ kind: Message.Kind, isQuoted: Bool) -> Scalar? {
    switch kind {
    case .double:
      if isQuoted, let special = Self.special(text) { return .double(special) }
      guard Self.isNumber(text) else { return nil }
      return Double(text).map { .double($0) }
    case .integer: return Self.whole(text, as: Int64.self).map { .integer($0) }
    case .fixed64: return Self.whole(text, as: UInt64.self).map { .unsigned($0) }
    case .fixed32: return Self.whole(text, as: UInt32.self).map { .unsigned(UInt64($0)) }
    case .message, .text, .bytes, .bool: return nil
    }
  }

  private static func special(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: nil
    }
  }

  /// Parses a whole number, also in a form such as `1e3`.
  private static func whole<Number: FixedWidthInteger>(
    _ text: String, as type: Number.Type
  ) -> Number? {
    guard isNumber(text) else { return nil }
    return Number(text) ?? Double(text).flatMap { Number(exactly: $0) }
  }

  /// Whether the whole text is one JSON number.
  private static func isNumber(_ text: String) -> Bool {
    var tokens = JSONTokens(Array(text.utf8))
    guard case .number(let range)? = try? tokens.token() else { return false }
    return range == 0..<text.utf8.count
  }

  private func wrongType(_ field: Message.Field, _ expected: String) -> LogsError {
    LogsError("\(field.name): expected \(expected)")
  }
}

extension JSONReader.Frame {
  fileprivate var closing: JSONTokens.Token {
    switch self {
    case .object, .skippedObject: .closeObject
    case .array, .skippedArray: .closeArray
    }
  }
}

extension JSONTokens.Token {
  /// Whether a value begins with this token.
  fileprivate var isValue: Bool {
    switch self {
    case .openObject, .openArray, .string, .number, .bool, .null: true
    case .closeObject, .closeArray, .comma, .colon, .end: false
    }
  }
}

extension Message.Kind {
  fileprivate var words: String {
    switch self {
    case .message: "an object"
    case .text: "a string"
    case .bytes: "a string of bytes"
    case .bool: "true or false"
    case .integer, .fixed64, .fixed32: "a whole number"
    case .double: "a number"
    }
  }
}
