/// The values of one label in one store, each with a place of its own up to a limit.
///
/// The first `limit` distinct values stay, in the order in which they come; every later one is
/// folded into `_other`, so that what agents write cannot grow the number of series. `unknown` and
/// the two known events always stay and take no place.
package struct LabelTable: Sendable {
  /// The place of `unknown`.
  static let unknown = 0
  /// The place of `_other`.
  static let overflow = 1
  /// The places of the known events.
  static let execution = 2
  static let evaluation = 3

  private(set) var values: [LabelValue]
  /// Rows whose value was folded into `_other`.
  private(set) var overflowedRows = 0

  private let capacity: Int
  /// The UTF-8 of all values, one after the other, and where each begins; the last is the end.
  private var text: [UInt8] = []
  private var starts = [0]
  /// Open addressing: a place in `values` and a part of its hash, or -1. At least twice as long as
  /// `values`.
  private var slots: [Slot]

  private struct Slot {
    var place: Int32
    var hash: UInt32

    static let empty = Slot(place: -1, hash: 0)
  }

  package init(limit: Int) {
    values = [.unknown, .overflow, .execution, .evaluation]
    capacity = values.count + limit
    slots = Array(repeating: .empty, count: 16)
    for value in values { appendText(of: value) }
    spread(over: 16)
  }

  /// The place of `name`, a new one if it is new and there is room.
  mutating func index(of name: Name, in bytes: borrowing Span<UInt8>) -> Int {
    switch name {
    case .unknown:
      return Self.unknown
    case .tooLong:
      overflowedRows += 1
      return Self.overflow
    case .bytes(let range):
      let place = index(of: bytes.extracting(range.offset..<range.offset + range.count))
      if place == Self.overflow { overflowedRows += 1 }
      return place
    }
  }

  private mutating func index(of name: borrowing Span<UInt8>) -> Int {
    let hash = Self.hash(name)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot].place >= 0 {
      let place = Int(slots[slot].place)
      if slots[slot].hash == hash, isValue(at: place, name) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard values.count < capacity else { return Self.overflow }
    let value = LabelValue(name.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    values.append(value)
    appendText(of: value)
    slots[slot] = Slot(place: Int32(values.count - 1), hash: hash)
    if values.count * 2 > slots.count { spread(over: slots.count * 2) }
    return values.count - 1
  }

  private mutating func appendText(of value: LabelValue) {
    text += value.text.utf8
    starts.append(text.count)
  }

  /// Puts all values into `count` slots, a power of two.
  private mutating func spread(over count: Int) {
    slots = Array(repeating: .empty, count: count)
    for place in values.indices {
      let hash = Self.hash(text.span.extracting(starts[place]..<starts[place + 1]))
      var slot = Int(truncatingIfNeeded: hash) & (count - 1)
      while slots[slot].place >= 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = Slot(place: Int32(place), hash: hash)
    }
  }

  private func isValue(at place: Int, _ name: borrowing Span<UInt8>) -> Bool {
    let start = starts[place]
    guard starts[place + 1] - start == name.count else { return false }
    return text.span.extracting(start..<start + name.count).equals(name)
  }

  /// Eight bytes at a time, multiplied and folded, so that its low bits depend on all of them. Names
  /// that collide on purpose cost at most a walk over the places there are.
  private static func hash(_ name: borrowing Span<UInt8>) -> UInt32 {
    let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    let hash = name.withUnsafeBytes { bytes in
      var hash = UInt64(bytes.count) &* multiplier
      var offset = 0
      while offset + 8 <= bytes.count {
        hash ^= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        hash = (hash ^ (hash >> 32)) &* multiplier
        offset += 8
      }
      var rest: UInt64 = 0
      while offset < bytes.count {
        rest = rest << 8 | UInt64(bytes[offset])
        offset += 1
      }
      return ((hash ^ rest) ^ ((hash ^ rest) >> 29)) &* multiplier
    }
    return UInt32(truncatingIfNeeded: hash >> 32)
  }
}

/// The labels whose values come from evidence. The raw value is the label value of
/// `reflexive_label_overflow_total`.
package enum EvidenceLabel: String, CaseIterable, Hashable, Sendable {
  case agent, gate, event, subject
}

extension LabelTable {
  func write(to writer: inout ByteWriter) {
    writer.write(values)
    writer.write(overflowedRows)
  }

  /// - Parameter limit: the one that it was made with.
  init(limit: Int, from reader: inout ByteReader) throws(BinaryDecodingError) {
    self.init(limit: limit)
    let known = values
    values = try reader.read()
    overflowedRows = try reader.read()
    try reader.expect(values.starts(with: known) && values.count <= capacity)
    for value in values.dropFirst(known.count) { appendText(of: value) }
    var count = slots.count
    while count < values.count * 2 { count *= 2 }
    spread(over: count)
  }
}
