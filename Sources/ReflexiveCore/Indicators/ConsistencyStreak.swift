/// How many evaluations in a row, ending with the latest, were below the consistency objective.
///
/// It answers and does not act: whoever applies an evaluation is told whether that made a breach.
struct ConsistencyStreak: Hashable, Sendable {
  /// Least acceptable consistency; a score at exactly this value is not low.
  let objective: Double
  /// The length at which a streak is a breach.
  let breachLength: Int
  private(set) var length = 0

  init(objective: Double, breachLength: Int) {
    self.objective = objective
    self.breachLength = breachLength
  }

  /// - Parameter consistency: `nil` neither extends the streak nor ends it.
  /// - Returns: true if the streak has just reached ``breachLength``: once a streak.
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

extension ConsistencyStreak: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(objective)
    writer.write(breachLength)
    writer.write(length)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    objective = try reader.read()
    breachLength = try reader.read()
    length = try reader.read()
  }
}
