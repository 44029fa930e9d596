/// Counts the evaluations in a row, up to the latest, that were below the consistency objective.
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
