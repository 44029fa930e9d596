import Glibc

/// A number's digits as an integer times a power of ten, and the text that they came from.
struct Numeral {
  /// The first byte of the number. A byte that no number contains follows the number.
  var start: UnsafePointer<UInt8>
  var isNegative = false
  /// Wraps around when there are more than 19 digits.
  var mantissa: UInt64 = 0
  var digitCount = 0
  var exponent = 0

  init(start: UnsafePointer<UInt8>) { self.start = start }

  @inline(__always)
  mutating func append(_ digits: DigitWord) {
    mantissa = mantissa &* integerPowersOfTen[digits.count] &+ digits.value
  }

  /// The nearest double, with ties to even.
  ///
  /// Integers up to 2^53 and powers of ten up to 10^22 are exact doubles, so one operation on two
  /// of them rounds only once.
  @inline(__always)
  var value: Double {
    guard digitCount <= 19, -22...22 ~= exponent else { return slowValue }
    let magnitude: Double
    if mantissa <= 1 << 53 {
      let integer = Double(mantissa)
      magnitude = exponent < 0 ? integer / powersOfTen[-exponent] : integer * powersOfTen[exponent]
    } else if -19...0 ~= exponent {
      magnitude = Self.quotient(mantissa, byPowerOfTen: -exponent)
    } else {
      return slowValue
    }
    return isNegative ? 0 - magnitude : magnitude
  }

  /// The double nearest to `integer` / 10^`power`, for an `integer` above 0 and a `power` up to 19.
  ///
  /// Both are shifted up so that the quotient has 63 or 64 bits, at least ten more than a double.
  /// The last bit is set if there is a remainder, so that the quotient rounds correctly.
  @inline(never)
  private static func quotient(_ integer: UInt64, byPowerOfTen power: Int) -> Double {
    let divisor = integerPowersOfTen[power]
    let (divisorShift, shift) = (divisor.leadingZeroBitCount, integer.leadingZeroBitCount)
    let dividend = (integer << UInt64(shift)) >> 1
    let (quotient, remainder) = (divisor << UInt64(divisorShift)).dividingFullWidth((dividend, 0))
    let sticky: UInt64 = remainder == 0 ? 0 : 1
    return Double(sign: .plus, exponent: divisorShift - shift - 63, significand: 1)
      * Double(quotient | sticky)
  }

  /// The value by `strtod`, which stops at the byte after the number. The process stays in the C
  /// locale, in which the decimal separator is a point.
  @inline(never)
  private var slowValue: Double {
    UnsafeRawPointer(start).withMemoryRebound(to: CChar.self, capacity: 1) { strtod($0, nil) } + 0
  }
}

/// The digits at the beginning of eight bytes of text.
struct DigitWord {
  /// From 0 to 8.
  let count: Int
  private let digits: UInt64

  /// - Parameter text: its first byte is the lowest.
  @inline(__always)
  init(_ text: UInt64) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    digits = text ^ (ones &* UInt64(ASCII.zero))
    // The high bit of each byte above 9. A carry can only reach bytes after the first of them.
    let others = ((digits &+ (ones &* 0x76)) | digits) & (ones << 7)
    count = others.trailingZeroBitCount >> 3
  }

  /// Adds up pairs of digits, then pairs of pairs, then the two halves.
  @inline(__always)
  var value: UInt64 {
    guard count > 0 else { return 0 }
    // The zero bytes that are shifted in count as leading zeros.
    var word = digits << UInt64(64 - 8 * count)
    word = word &* 10 &+ (word >> 8)
    let mask: UInt64 = 0x0000_00FF_0000_00FF
    let upper = (word & mask) &* 0x000F_4240_0000_0064
    let lower = ((word >> 16) & mask) &* 0x0000_2710_0000_0001
    return (upper &+ lower) >> 32
  }
}

private let powersOfTen: InlineArray<23, Double> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

private let integerPowersOfTen: InlineArray<20, UInt64> = [
  1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
  1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
  1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]
