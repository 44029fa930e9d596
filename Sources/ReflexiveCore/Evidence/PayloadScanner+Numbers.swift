import Glibc

extension PayloadScanner {
  /// A number, or one of the tokens that Python writes for a float that is none, begins at ``next``.
  @inline(__always)
  var isAtNumber: Bool {
    switch next.pointee {
    case ASCII.zero...ASCII.nine, ASCII.minus, ASCII.upperI, ASCII.upperN: true
    default: false
    }
  }

  @inline(__always)
  mutating func skipNumber() throws(Malformed) {
    if try nonFiniteToken() == nil { _ = try numeral() }
  }

  /// Passes the number at ``next`` and returns the double nearest to it: infinite or not a number
  /// where no double is, and never a negative zero.
  @inline(__always)
  mutating func number() throws(Malformed) -> Double {
    if let value = try nonFiniteToken() { return value }
    return try numeral().value
  }

  /// Passes `NaN`, `Infinity` or `-Infinity`, if that is what stands at ``next``.
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

  /// Passes `text`, if it is what stands at ``next``.
  @inline(__always)
  mutating func literal(_ text: StaticString) throws(Malformed) {
    let count = text.utf8CodeUnitCount
    guard end - next >= count, memcmp(next, text.utf8Start, count) == 0 else { throw Malformed() }
    next += count
  }
}

/// A number's digits as an integer times a power of ten, and the text that they came from.
private struct Numeral {
  var start: UnsafePointer<UInt8>
  var isNegative = false
  /// Wraps around when there are more than 19 digits.
  var mantissa: UInt64 = 0
  var digitCount = 0
  var exponent = 0

  /// The nearest double.
  ///
  /// Integers up to 2^53 and powers of ten up to 10^22 are doubles, and one operation on two
  /// doubles rounds once.
  @inline(__always)
  var value: Double {
    guard digitCount <= 19, mantissa <= 1 << 53, -22...22 ~= exponent else { return slowValue }
    let integer = Double(mantissa)
    let magnitude =
      exponent < 0 ? integer / powersOfTen[-exponent] : integer * powersOfTen[exponent]
    return isNegative ? 0 - magnitude : magnitude
  }

  /// The sentinel ends the text for `strtod`, and the process stays in the C locale.
  @inline(never)
  private var slowValue: Double {
    UnsafeRawPointer(start).withMemoryRebound(to: CChar.self, capacity: 1) { strtod($0, nil) } + 0
  }
}

private let powersOfTen: InlineArray<23, Double> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

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
    if next.pointee | 0x20 == ASCII.lowerE { try exponent(of: &numeral) }
    return numeral
  }

  /// Passes one digit or more.
  @inline(__always)
  private mutating func digits(of numeral: inout Numeral) throws(Malformed) {
    let start = next
    while true {
      let digit = next.pointee &- ASCII.zero
      guard digit <= 9 else { break }
      numeral.mantissa = numeral.mantissa &* 10 &+ UInt64(digit)
      next += 1
    }
    guard next > start else { throw Malformed() }
    numeral.digitCount += next - start
  }

  @inline(never)
  private mutating func exponent(of numeral: inout Numeral) throws(Malformed) {
    next += 1
    let isNegative = next.pointee == ASCII.minus
    if isNegative || next.pointee == ASCII.plus { next += 1 }
    let start = next
    var exponent = 0
    while true {
      let digit = next.pointee &- ASCII.zero
      guard digit <= 9 else { break }
      // Far beyond the fast path already: enough to know, and nothing can overflow.
      if exponent < 1_000_000_000 { exponent = exponent * 10 + Int(digit) }
      next += 1
    }
    guard next > start else { throw Malformed() }
    numeral.exponent += isNegative ? -exponent : exponent
  }
}
