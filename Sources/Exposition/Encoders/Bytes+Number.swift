extension [UInt8] {
  /// Appends the shortest text that reads back as `value`. Whole numbers up to 2^53 are written in
  /// digits.
  ///
  /// Go's `ParseFloat` and Python's `float` both read it.
  /// Source: OpenMetrics 1.0 ABNF, `number`; text format 0.0.4, "Line format".
  mutating func append(number value: Double) {
    if value.isNaN { return append(text: "NaN") }
    if value.isInfinite { return append(text: value > 0 ? "+Inf" : "-Inf") }
    // `rounded()` would need libm, which nothing else here does.
    guard value.magnitude <= 0x1p53, value.magnitude == Double(UInt64(value.magnitude)) else {
      return append(text: value.description)
    }
    if value.sign == .minus { append(text: "-") }
    append(integer: UInt64(value.magnitude))
  }

  mutating func append(integer value: UInt64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.mostDigits) { digits in
      var (rest, start) = (value, digits.count)
      repeat {
        start -= 1
        digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  /// The most digits of a `UInt64`.
  private static var mostDigits: Int { 20 }
}
