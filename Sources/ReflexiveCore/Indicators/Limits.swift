extension Double {
  /// The nearest number with 9 decimals: the double of its decimal literal.
  ///
  /// Sums of doubles are off in the last digits: ten scores of 0.6 have a mean of
  /// 0.5999999999999999. Values are rounded before they are compared with a limit, so that a value
  /// at its limit is not below it.
  ///
  /// It rounds the exact value, half to even, as Python's `round(x, 9)` does.
  package var roundedToNineDecimals: Double {
    let scaled = self * 1e9
    let error = (-scaled).addingProduct(self, 1e9)
    var whole = scaled.rounded(.down)
    let rest = scaled - whole
    let isOdd = whole.truncatingRemainder(dividingBy: 2) != 0
    if rest > 0.5 || rest == 0.5 && (error > 0 || error == 0 && isOdd) { whole += 1 }
    return whole / 1e9
  }

  /// Whether the value, rounded to 9 decimals, is below a limit of at most 9 decimals.
  package func isBelow(_ limit: Double) -> Bool { roundedToNineDecimals < limit }
}
