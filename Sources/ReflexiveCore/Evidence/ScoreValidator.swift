/// Tells which scores of one row can be used, and why the others cannot.
struct ScoreValidator {
  /// A score in this range but outside [0, 1] is off by rounding. It counts as 0 or 1.
  private static let tolerated = -1e-9...1.000000001

  private let scale: Double
  private var hasWrongType = false
  private var hasNonFinite = false
  private var hasOutOfRange = false

  /// - Parameter scale: what scores are divided by.
  init(scale: Double) { self.scale = scale }

  /// The first reason, in the order of ``Rejection``, that holds for a field of the row.
  var rejection: Rejection? {
    if hasWrongType { return .wrongType }
    if hasNonFinite { return .nonFinite }
    return hasOutOfRange ? .outOfRange : nil
  }

  /// The score in [0, 1]; `nil` if there is none that can be used.
  mutating func score(_ number: Payload.Number) -> Double? {
    switch number {
    case .absent: break
    case .wrongType: hasWrongType = true
    case .nonFinite: hasNonFinite = true
    case .finite(let value):
      // A tiny negative number may become a negative zero; adding 0 makes it 0.
      let score = value / scale + 0
      if 0...1 ~= score { return score }
      if Self.tolerated ~= score { return min(max(score, 0), 1) }
      hasOutOfRange = true
    }
    return nil
  }

  mutating func flag(_ flag: Payload.Flag) -> Bool? {
    switch flag {
    case .absent: return nil
    case .value(let value): return value
    case .wrongType:
      hasWrongType = true
      return nil
    }
  }

  mutating func wrongTypeFound() { hasWrongType = true }
}
