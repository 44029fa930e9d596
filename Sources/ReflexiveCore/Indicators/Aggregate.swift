/// A summary of several values, kept instead of them.
///
/// Merging is associative, and its result does not depend on how the values were grouped, except
/// for rounding. So a window can be kept as buckets.
package protocol Aggregate: BinaryCodable, Sendable {
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

  /// Rounded to 9 decimals; `nil` without a score.
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
  package func write(to writer: inout ByteWriter) {
    writer.write(sum)
    writer.write(count)
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    sum = try reader.read()
    count = try reader.read()
  }
}

extension GreatestTime {
  func write(to writer: inout ByteWriter) {
    writer.write(time)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    time = try reader.read()
  }
}

extension LatestTime {
  func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(time)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    id = try reader.read()
    time = try reader.read()
  }
}

extension EarliestTime {
  func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(time)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    id = try reader.read()
    time = try reader.read()
  }
}
