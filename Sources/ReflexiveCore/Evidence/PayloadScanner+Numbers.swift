import Glibc

extension PayloadScanner {
  /// Whether a number, or one of the tokens `NaN`, `Infinity` and `-Infinity`, begins at ``next``.
  @inline(__always)
  var isAtNumber: Bool {
    switch next.pointee {
    case ASCII.zero...ASCII.nine, ASCII.minus, ASCII.upperI, ASCII.upperN: true
    default: false
    }
  }

  /// Skips the number or token at ``next``.
  @inline(__always)
  mutating func skipNumber() throws(Malformed) {
    guard try nonFiniteToken() == nil else { return }
    if next.pointee == ASCII.minus { next += 1 }
    if next.pointee == ASCII.zero { next += 1 } else { try skipDigits() }
    if next.pointee == ASCII.point {
      next += 1
      try skipDigits()
    }
    if next.pointee | 0x20 == ASCII.lowerE { _ = try exponent() }
  }

  /// Skips one or more digits. One load is enough for most numbers.
  @inline(__always)
  private mutating func skipDigits() throws(Malformed) {
    if end - next >= 8 {
      let count = DigitWord(UnsafeRawPointer(next).loadUnaligned(as: UInt64.self).littleEndian)
        .count
      if 1...7 ~= count {
        next += count
        return
      }
    }
    let start = next
    while next.pointee &- ASCII.zero <= 9 { next += 1 }
    guard next > start else { throw Malformed() }
  }

  /// Reads the number or token at ``next`` as the nearest double: infinity if it overflows, and
  /// never a negative zero.
  @inline(__always)
  mutating func number() throws(Malformed) -> Double {
    if let value = try nonFiniteToken() { return value }
    return try numeral().value
  }

  /// Reads `NaN`, `Infinity` or `-Infinity`; `nil` if something that may be a number is at
  /// ``next``.
  @inline(__always)
  private mutating func nonFiniteToken() throws(Malformed) -> Double? {
    let isNegative = next.pointee == ASCII.minus
    let first = isNegative ? next[1] : next.pointee
    if first <= ASCII.nine { return nil }
    if isNegative { next += 1 }
    if first == ASCII.upperN, !isNegative {
      try literal("NaN")
      return .nan
    }
    try literal("Infinity")
    return isNegative ? -.infinity : .infinity
  }

  /// Skips `text`, and throws if something else is at ``next``.
  @inline(__always)
  mutating func literal(_ text: StaticString) throws(Malformed) {
    let count = text.utf8CodeUnitCount
    guard end - next >= count, memcmp(next, text.utf8Start, count) == 0 else { throw Malformed() }
    next += count
  }
}

extension PayloadScanner {
  @inline(__always)
  private mutating func numeral() throws(Malformed) -> Numeral {
    var numeral = Numeral(start: next)
    if next.pointee == ASCII.minus {
      numeral.isNegative = true
      next += 1
    }
    if next.pointee == ASCII.zero {
      numeral.digitCount = 1
      next += 1
    } else {
      try digits(of: &numeral)
    }
    if next.pointee == ASCII.point {
      next += 1
      let before = numeral.digitCount
      try digits(of: &numeral)
      numeral.exponent = before - numeral.digitCount
    }
    if next.pointee | 0x20 == ASCII.lowerE { numeral.exponent += try exponent() }
    return numeral
  }

  /// Reads one or more digits, eight at a time while that many bytes are left.
  @inline(__always)
  private mutating func digits(of numeral: inout Numeral) throws(Malformed) {
    let start = next
    while end - next >= 8 {
      let word = UnsafeRawPointer(next).loadUnaligned(as: UInt64.self).littleEndian
      let digits = DigitWord(word)
      numeral.append(digits)
      next += digits.count
      if digits.count < 8 { break }
    }
    while true {
      let digit = next.pointee &- ASCII.zero
      guard digit <= 9 else { break }
      numeral.mantissa = numeral.mantissa &* 10 &+ UInt64(digit)
      next += 1
    }
    guard next > start else { throw Malformed() }
    numeral.digitCount += next - start
  }

  /// Reads the exponent whose `e` is at ``next``.
  @inline(never)
  private mutating func exponent() throws(Malformed) -> Int {
    next += 1
    let isNegative = next.pointee == ASCII.minus
    if isNegative || next.pointee == ASCII.plus { next += 1 }
    let start = next
    var exponent = 0
    while true {
      let digit = next.pointee &- ASCII.zero
      guard digit <= 9 else { break }
      // A larger exponent is beyond the fast path anyway. The limit keeps it from overflowing.
      if exponent < 1_000_000_000 { exponent = exponent * 10 + Int(digit) }
      next += 1
    }
    guard next > start else { throw Malformed() }
    return isNegative ? -exponent : exponent
  }
}
