/// Checks a whole payload in one strict forward pass and keeps the known fields.
///
/// The grammar is that of RFC 8259, plus the bare tokens `NaN`, `Infinity` and `-Infinity`. Objects
/// and arrays nest at most ``depthLimit`` deep. The scanner builds no tree, allocates nothing per
/// value, and uses no stack for nesting.
///
/// It reads the payload through pointers. A sentinel keeps them inside: the NUL after the payload's
/// last byte. JSON allows NUL nowhere, so every step looks at the byte at ``next`` and never moves
/// past a NUL. Loads of more than one byte compare with ``end`` first.
package struct PayloadScanner {
  /// The deepest nesting of objects and arrays; the outermost is 1.
  package static let depthLimit = 512

  /// The byte that the offsets of ranges count from.
  let base: UnsafePointer<UInt8>
  /// The sentinel.
  let end: UnsafePointer<UInt8>
  /// The next byte to read.
  var next: UnsafePointer<UInt8>
  /// How many objects and arrays are open around ``next``.
  var depth = 0

  /// The payload is not JSON.
  struct Malformed: Error {}

  /// Reads the known fields of the payload at `range` of `bytes`, where
  /// ``EvidenceBatch/append(_:)`` has put it.
  ///
  /// A range without a NUL after it is not read and counts as invalid JSON.
  /// - Returns: ``Rejection/invalidJSON`` or ``Rejection/notObject``, or `nil` for an object.
  package static func scan(
    _ bytes: Span<UInt8>, _ range: ByteRange, into payload: inout Payload
  ) -> Rejection? {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, range.offset >= 0, range.count >= 0,
        range.offset < buffer.count, range.count < buffer.count - range.offset,
        buffer[range.offset + range.count] == 0
      else { return .invalidJSON }
      let start = base + range.offset
      var scanner = PayloadScanner(base: base, end: start + range.count, next: start)
      do throws(Malformed) {
        return try scanner.document(into: &payload) ? nil : .notObject
      } catch {
        return .invalidJSON
      }
    }
  }

  /// - Returns: whether the document is an object.
  private mutating func document(into payload: inout Payload) throws(Malformed) -> Bool {
    whitespace()
    let isObject = next.pointee == ASCII.openBrace
    if isObject {
      try object(into: &payload)
    } else {
      try skipValue()
    }
    whitespace()
    guard next == end else { throw Malformed() }
    return isObject
  }

  private mutating func object(into payload: inout Payload) throws(Malformed) {
    try members { scanner, key throws(Malformed) in
      switch key {
      case .event: payload.event = try scanner.text()
      case .agent: payload.agent = try scanner.text()
      case .gate: payload.gate = try scanner.text()
      case .timestamp: payload.timestamp = try scanner.text()
      case .outputQuality: payload.quality = try scanner.score()
      case .currentThreshold: payload.threshold = try scanner.score()
      case .rmmScore: payload.maturity = try scanner.score()
      case .selfAssessment: payload.assessment = try scanner.assessment()
      default: try scanner.skipValue()
      }
    }
  }

  private mutating func assessment() throws(Malformed) -> Payload.Assessment {
    var assessment = Payload.Assessment()
    guard next.pointee == ASCII.openBrace else {
      assessment.isWrongType = try !skipIsNull()
      return assessment
    }
    try members { scanner, key throws(Malformed) in
      switch key {
      case .consistency: assessment.consistency = try scanner.score()
      case .confidence: assessment.confidence = try scanner.score()
      case .calibrationNeeded: assessment.calibrationNeeded = try scanner.flag()
      default: try scanner.skipValue()
      }
    }
    return assessment
  }
}

// MARK: - Structure

extension PayloadScanner {
  /// Reads the object that begins at ``next``. `readValue` has to read or skip the value of each
  /// key.
  @inline(__always)
  private mutating func members(
    _ readValue: (inout PayloadScanner, Key) throws(Malformed) -> Void
  ) throws(Malformed) {
    next += 1
    depth += 1
    whitespace()
    if next.pointee != ASCII.closeBrace {
      while true {
        let key = try memberKey()
        try readValue(&self, Key(key))
        whitespace()
        guard next.pointee == ASCII.comma else { break }
        next += 1
        whitespace()
      }
      guard next.pointee == ASCII.closeBrace else { throw Malformed() }
    }
    next += 1
    depth -= 1
  }

  /// Reads a key, and skips its colon and the white space up to its value.
  @inline(__always)
  mutating func memberKey() throws(Malformed) -> StringToken {
    guard next.pointee == ASCII.quote else { throw Malformed() }
    let key = try string()
    whitespace()
    guard next.pointee == ASCII.colon else { throw Malformed() }
    next += 1
    whitespace()
    return key
  }

  /// Skips white space: mostly none or one space, as `json.dumps` writes it.
  @inline(__always)
  mutating func whitespace() {
    if next.pointee > ASCII.space { return }
    if next.pointee == ASCII.space { next += 1 }
    if next.pointee > ASCII.space { return }
    restOfWhitespace()
  }

  @inline(never)
  private mutating func restOfWhitespace() {
    while true {
      switch next.pointee {
      case ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn: next += 1
      default: return
      }
    }
  }
}

// MARK: - Values that are used

extension PayloadScanner {
  private mutating func score() throws(Malformed) -> Payload.Number {
    guard isAtNumber else { return try skipIsNull() ? .absent : .wrongType }
    let value = try number()
    return value.isFinite ? .finite(value) : .nonFinite
  }

  private mutating func flag() throws(Malformed) -> Payload.Flag {
    let first = next.pointee
    if try skipIsNull() { return .absent }
    switch first {
    case ASCII.lowerT: return .value(true)
    case ASCII.lowerF: return .value(false)
    default: return .wrongType
    }
  }

  private mutating func text() throws(Malformed) -> Payload.Text {
    if next.pointee == ASCII.quote {
      let token = try string()
      let range = ByteRange(offset: token.start - base, count: token.count)
      return .string(range, isEscaped: token.isEscaped)
    }
    guard isAtNumber else { return try skipIsNull() ? .absent : .other }
    let value = try number()
    return value.isFinite ? .number(value) : .other
  }

  /// Skips the value that begins at ``next`` and returns whether it is `null`.
  private mutating func skipIsNull() throws(Malformed) -> Bool {
    let first = next.pointee
    try skipValue()
    return first == ASCII.lowerN
  }
}
