import Glibc

/// A string of the payload, without its quotes.
struct StringToken {
  let start: UnsafePointer<UInt8>
  let count: Int
  /// Whether it contains a backslash, so that it has to be unescaped.
  let isEscaped: Bool
}

extension PayloadScanner {
  /// Reads the string whose opening quote is at ``next``.
  ///
  /// It searches eight bytes at a time for a byte that does not stand for itself.
  @inline(__always)
  mutating func string() throws(Malformed) -> StringToken {
    next += 1
    let start = next
    var isEscaped = false
    while true {
      plainBytes()
      let byte = next.pointee
      if byte == ASCII.quote {
        let token = StringToken(start: start, count: next - start, isEscaped: isEscaped)
        next += 1
        return token
      } else if byte == ASCII.backslash {
        isEscaped = true
        try escape()
      } else if byte >= 0x80 {
        try multibyteScalar()
      } else if byte >= ASCII.space {
        next += 1
      } else {
        throw Malformed()
      }
    }
  }

  /// Skips bytes that stand for themselves. Stops at the first other byte, or when fewer than eight
  /// bytes are left.
  @inline(__always)
  private mutating func plainBytes() {
    while end - next >= 8 {
      let word = UnsafeRawPointer(next).loadUnaligned(as: UInt64.self)
      let marks = Self.marks(in: UInt64(littleEndian: word))
      if marks != 0 {
        next += marks.trailingZeroBitCount >> 3
        return
      }
      next += 8
    }
  }

  /// The high bit of each byte of `word` that is a quote, a backslash, a control character or not
  /// ASCII. Bits above the lowest one that is set may be wrong, since the subtractions borrow.
  ///
  /// A subtraction sets the high bit of an ASCII byte only if the byte is less than the number
  /// subtracted.
  @inline(__always)
  private static func marks(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* UInt64(ASCII.quote))
    let backslashes = word ^ (ones &* UInt64(ASCII.backslash))
    let marks =
      (quotes &- ones) | (backslashes &- ones) | (word &- ones &* UInt64(ASCII.space)) | word
    return marks & (ones << 7)
  }

  /// Skips an escape. Half of a surrogate pair is allowed, because Python writes it.
  @inline(never)
  private mutating func escape() throws(Malformed) {
    switch next[1] {
    case ASCII.quote, ASCII.backslash, ASCII.slash, ASCII.lowerB, ASCII.lowerF, ASCII.lowerN,
      ASCII.lowerR, ASCII.lowerT:
      next += 2
    case ASCII.lowerU:
      next += 2
      for _ in 0..<4 {
        guard ASCII.hexValue(next.pointee) != nil else { throw Malformed() }
        next += 1
      }
    default:
      throw Malformed()
    }
  }

  /// Skips a scalar of two to four bytes. Overlong forms, surrogates and scalars above U+10FFFF are
  /// malformed.
  ///
  /// Source: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences".
  @inline(never)
  private mutating func multibyteScalar() throws(Malformed) {
    let second: ClosedRange<UInt8>
    let count: Int
    switch next.pointee {
    case 0xC2...0xDF: (second, count) = (0x80...0xBF, 2)
    case 0xE0: (second, count) = (0xA0...0xBF, 3)
    case 0xED: (second, count) = (0x80...0x9F, 3)
    case 0xE1...0xEF: (second, count) = (0x80...0xBF, 3)
    case 0xF0: (second, count) = (0x90...0xBF, 4)
    case 0xF1...0xF3: (second, count) = (0x80...0xBF, 4)
    case 0xF4: (second, count) = (0x80...0x8F, 4)
    default: throw Malformed()
    }
    guard second.contains(next[1]) else { throw Malformed() }
    for index in 2..<count where next[index] & 0xC0 != 0x80 { throw Malformed() }
    next += count
  }
}

// MARK: - Keys

extension PayloadScanner {
  /// The known keys of the payload and of its `self_assessment`.
  enum Key {
    case event, agent, gate, timestamp
    case outputQuality, selfAssessment, currentThreshold, rmmScore
    case consistency, confidence, calibrationNeeded
    case other

    /// Bytes in the longest of these keys.
    private static let longest = 18

    @inline(__always)
    init(_ token: StringToken) {
      self = token.isEscaped ? Key(unescaping: token) : Key(plain: token)
    }

    /// Compares the length first, so that most unknown keys cost no comparison of bytes.
    @inline(__always)
    private init(plain token: StringToken) {
      switch token.count {
      case 4 where token.equals("gate"): self = .gate
      case 5 where token.equals("agent"): self = .agent
      case 5 where token.equals("event"): self = .event
      case 9 where token.equals("timestamp"): self = .timestamp
      case 9 where token.equals("rmm_score"): self = .rmmScore
      case 10 where token.equals("confidence"): self = .confidence
      case 11 where token.equals("consistency"): self = .consistency
      case 14 where token.equals("output_quality"): self = .outputQuality
      case 15 where token.equals("self_assessment"): self = .selfAssessment
      case 17 where token.equals("current_threshold"): self = .currentThreshold
      case 18 where token.equals("calibration_needed"): self = .calibrationNeeded
      default: self = .other
      }
    }

    @inline(never)
    private init(unescaping token: StringToken) {
      let escaped = UnsafeBufferPointer(start: token.start, count: token.count)
      var key: [UInt8] = []
      JSONString.unescape(escaped.span, upTo: Self.longest, into: &key)
      self = key.withUnsafeBufferPointer { key in
        guard let start = key.baseAddress else { return .other }
        return Key(plain: StringToken(start: start, count: key.count, isEscaped: false))
      }
    }
  }
}

extension Span<UInt8> {
  @inline(__always)
  func equals(_ other: borrowing Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return withUnsafeBytes { bytes in
      other.withUnsafeBytes { others in
        guard let start = bytes.baseAddress, let other = others.baseAddress else { return true }
        return memcmp(start, other, bytes.count) == 0
      }
    }
  }

  /// Whether the bytes are those of `text`.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return withUnsafeBytes { bytes in
      bytes.baseAddress.map { memcmp($0, text.utf8Start, bytes.count) == 0 } ?? true
    }
  }
}

extension StringToken {
  /// - Precondition: `text` is as long as the string.
  @inline(__always)
  fileprivate func equals(_ text: StaticString) -> Bool {
    memcmp(start, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}
