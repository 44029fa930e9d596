/// A mergeable summary of values, kept in their place.
///
/// Merging is associative, and its result does not depend on how the values were grouped, except
/// for rounding. So a window can be kept as buckets.
package protocol Aggregate: BinaryFields, Sendable {
  mutating func merge(_ other: Self)
}

/// The sum and the number of scores.
package struct Mean: Aggregate, Hashable {
  package var sum: Double = 0
  package var count = 0

  package init() {}

  package init(of score: Double) {
    sum = score
    count = 1
  }

  package mutating func merge(_ other: Mean) {
    sum += other.sum
    count += other.count
  }

  package mutating func add(_ score: Double) {
    sum += score
    count += 1
  }

  /// The mean, rounded to 9 decimals; `nil` without a score.
  package var value: Double? {
    count > 0 ? (sum / Double(count)).roundedToNineDecimals : nil
  }
}

/// The greatest of several times.
struct GreatestTime: Aggregate {
  var time: UnixTime

  mutating func merge(_ other: GreatestTime) { time = max(time, other.time) }
}

/// The time of the row with the highest id.
struct LatestTime: Aggregate {
  var id: Int64
  var time: UnixTime

  mutating func merge(_ other: LatestTime) { if other.id > id { self = other } }
}

/// The time of the row with the lowest id.
struct EarliestTime: Aggregate {
  var id: Int64
  var time: UnixTime

  mutating func merge(_ other: EarliestTime) { if other.id < id { self = other } }
}

// MARK: - As bytes

extension Mean {
  package static var blank: Self { Self() }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&sum)
    try coder.code(&count)
  }
}

extension GreatestTime {
  static var blank: Self { Self(time: .epoch) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&time)
  }
}

extension LatestTime {
  static var blank: Self { Self(id: 0, time: .epoch) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&id)
    try coder.code(&time)
  }
}

extension EarliestTime {
  static var blank: Self { Self(id: 0, time: .epoch) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&id)
    try coder.code(&time)
  }
}
