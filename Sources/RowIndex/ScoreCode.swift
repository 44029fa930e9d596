import ReflexiveCore

/// Codes scores in 16 bits, in the order of the scores.
///
/// Scores of up to four decimals, as people and most agents write them, have a code each. All
/// scores between two of them share one. So a comparison with a limit of up to four decimals is
/// certain.
enum ScoreCode {
  static let absent: UInt16 = 0
  private static let steps: Double = 10_000

  /// - Parameter score: in [0, 1].
  static func code(of score: Double) -> UInt16 { codes(of: SIMD4(score, 0, 0, 0))[0] }

  /// The codes of several scores in [0, 1] at once. NaN is absent.
  @inline(__always)
  static func codes(of scores: SIMD4<Double>) -> SIMD4<UInt16> {
    // The lowest bits of the sum are the nearest whole number, without the checks of a conversion.
    let shift = SIMD4<Double>(repeating: 0x1p52)
    let sum = scores * steps + shift
    let nearest = unsafeBitCast(sum, to: SIMD4<UInt64>.self)
    let values = (sum - shift) / steps
    var codes = nearest &+ nearest
    codes.replace(with: codes &+ 1, where: values .== scores)
    codes.replace(with: codes &+ 2, where: values .< scores)
    codes.replace(with: 0, where: scores .!= scores)
    return SIMD4(truncatingIfNeeded: codes)
  }

  /// Whether only one score has this code.
  private static func isExact(_ code: UInt16) -> Bool { code % 2 == 1 }

  /// The codes of the scores in `range`, whose bounds are inclusive and may be any number.
  static func codes(in range: ScoreRange) -> CodeMatch {
    let (low, high) = (max(range.lower ?? 0, 0), min(range.upper ?? 1, 1))
    guard low <= high else { return .none }
    let (first, last) = (code(of: low), code(of: high))
    var certain = (first: UInt64(first), last: UInt64(last))
    // Every score satisfies a bound outside [0, 1].
    if low > 0, !isExact(first) { certain.first += 1 }
    if high < 1, !isExact(last) { certain.last -= 1 }
    return CodeMatch(
      possible: UInt64(first)...UInt64(last),
      certain: certain.first <= certain.last ? certain.first...certain.last : nil)
  }
}
