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

  private(set) var values: [LabelValue]
  /// Rows whose value was folded into `_other`.
  private(set) var overflowedRows = 0

  private let capacity: Int
  /// Open addressing: a place in `values`, or -1. Twice as long as `values` can get, at the least.
  private var slots: [Int32]

  package init(limit: Int) {
    values = [.unknown, .overflow, .execution, .evaluation]
    capacity = values.count + limit
    slots = Array(repeating: -1, count: Self.slotCount(for: values.count))
    for place in values.indices { insert(place) }
  }

  /// The place of `name`, a new one if it is new and there is room.
  mutating func place(of name: Name, in bytes: borrowing Span<UInt8>) -> Int {
    switch name {
    case .unknown:
      return Self.unknown
    case .tooLong:
      overflowedRows += 1
      return Self.overflow
    case .bytes(let range):
      let place = place(of: bytes.extracting(range.offset..<range.offset + range.count))
      if place == Self.overflow { overflowedRows += 1 }
      return place
    }
  }

  private mutating func place(of name: borrowing Span<UInt8>) -> Int {
    var slot = Int(truncatingIfNeeded: Self.hash(name)) & (slots.count - 1)
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if Self.equal(values[place], name) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard values.count < capacity else { return Self.overflow }
    let text = name.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    values.append(LabelValue(text))
    if values.count * 2 > slots.count { grow() } else { slots[slot] = Int32(values.count - 1) }
    return values.count - 1
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: Self.slotCount(for: values.count))
    for place in values.indices { insert(place) }
  }

  private mutating func insert(_ place: Int) {
    var text = values[place].text
    let hash = text.withUTF8 { Self.hash($0.span) }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(place)
  }

  private static func slotCount(for count: Int) -> Int {
    var slots = 16
    while slots < count * 4 { slots *= 2 }
    return slots
  }

  private static func equal(_ value: LabelValue, _ name: borrowing Span<UInt8>) -> Bool {
    let utf8 = value.text.utf8
    guard utf8.count == name.count else { return false }
    var position = 0
    for byte in utf8 {
      if byte != name[position] { return false }
      position += 1
    }
    return true
  }

  /// FNV-1a, 64 bits, folded so that its low bits depend on all of them. Names that collide on
  /// purpose cost at most a walk over the places there are.
  private static func hash(_ name: borrowing Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x0000_0100_0000_01b3 }
    return hash ^ (hash >> 32)
  }
}

/// The labels whose values come from evidence. The raw value is the label value of
/// `reflexive_label_overflow_total`.
package enum EvidenceLabel: String, CaseIterable, Hashable, Sendable {
  case agent, gate, event, subject
}
