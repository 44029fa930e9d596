/// Which values of one column a filter asks for: those that may match, and those that surely do.
struct CodeMatch: Hashable {
  /// `nil` where no value can match.
  var possible: ClosedRange<UInt64>?
  /// Within ``possible``.
  var certain: ClosedRange<UInt64>?

  static let none = CodeMatch(possible: nil, certain: nil)

  init(possible: ClosedRange<UInt64>?, certain: ClosedRange<UInt64>?) {
    self.possible = possible
    self.certain = certain
  }

  /// Every value of `range`, and no other.
  init(_ range: ClosedRange<UInt64>) { self.init(possible: range, certain: range) }
}
