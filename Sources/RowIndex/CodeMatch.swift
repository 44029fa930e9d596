/// The codes of one column that may match a filter, and those that certainly do.
struct CodeMatch: Hashable {
  /// `nil` if no code can match.
  var possible: ClosedRange<UInt64>?
  /// A part of ``possible``.
  var certain: ClosedRange<UInt64>?

  static let none = CodeMatch(possible: nil, certain: nil)

  init(possible: ClosedRange<UInt64>?, certain: ClosedRange<UInt64>?) {
    self.possible = possible
    self.certain = certain
  }

  /// Creates a match of every code in `range`, and of no other.
  init(_ range: ClosedRange<UInt64>) { self.init(possible: range, certain: range) }
}
