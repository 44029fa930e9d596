/// Counts the consecutive evaluations, up to the latest, that were below the consistency objective.
struct ConsistencyStreak: Hashable, Sendable {
  /// Least acceptable consistency; a score at exactly this value is not low.
  private(set) var objective: Double
  /// The length at which a streak is a breach.
  private(set) var breachLength: Int
  private(set) var length = 0

  init(objective: Double, breachLength: Int) {
    self.objective = objective
    self.breachLength = breachLength
  }

  /// - Parameter consistency: `nil` neither extends the streak nor ends it.
  /// - Returns: whether the streak has just reached ``breachLength``, which it does once.
  mutating func apply(_ consistency: Double?) -> Bool {
    guard let consistency else { return false }
    guard consistency.isBelow(objective) else {
      length = 0
      return false
    }
    length += 1
    return length == breachLength
  }
}

extension ConsistencyStreak: BinaryFields {
  static var blank: Self { Self(objective: 0, breachLength: 0) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&objective)
    try coder.code(&breachLength)
    try coder.code(&length)
  }
}
