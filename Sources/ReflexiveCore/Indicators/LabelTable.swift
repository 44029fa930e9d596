/// The values of one label in one store, each with an index, up to a limit.
///
/// The first `limit` distinct values stay, in order of arrival. Every later one is folded into
/// `_other`, so agents cannot grow the number of series without bound. `unknown`, `_other` and the
/// two known events always stay and do not count towards the limit.
package struct LabelTable: Sendable {
  /// The index of `unknown`.
  package static let unknown = 0
  /// The index of `_other`.
  package static let overflow = 1
  /// The indices of the known events.
  package static let execution = 2
  package static let evaluation = 3

  private(set) var values: [LabelValue]
  /// Rows whose value was folded into `_other`.
  private(set) var overflowedRows = 0

  private let capacity: Int
  /// The UTF-8 of all values, one after the other. `starts` holds where each begins, and the end.
  private var text: [UInt8] = []
  private var starts = [0]
  /// A hash table with open addressing, at least twice as long as `values`.
  private var slots: [Slot]

  private struct Slot {
    /// The index in `values`; -1 for an empty slot.
    var index: Int32
    var hash: UInt32

    static let empty = Slot(index: -1, hash: 0)
  }

  package init(limit: Int) {
    values = [.unknown, .overflow, .execution, .evaluation]
    capacity = values.count + limit
    slots = Array(repeating: .empty, count: 16)
    for value in values { appendText(of: value) }
    rehash(over: 16)
  }

  /// Returns the index of `name`. A new name gets a new index until the limit is reached.
  package mutating func index(of name: Name, in bytes: borrowing Span<UInt8>) -> Int {
    switch name {
    case .unknown:
      return Self.unknown
    case .tooLong:
      overflowedRows += 1
      return Self.overflow
    case .bytes(let range):
      let index = index(of: bytes.extracting(range.offset..<range.offset + range.count))
      if index == Self.overflow { overflowedRows += 1 }
      return index
    }
  }

  /// The index of `name`; `nil` if it has none of its own.
  package func existingIndex(of name: borrowing Span<UInt8>) -> Int? {
    let index = slots[slot(of: name, hash: Self.hash(name))].index
    return index < 0 ? nil : Int(index)
  }

  /// The slot of `name`, or the empty one that it would get.
  @inline(__always)
  private func slot(of name: borrowing Span<UInt8>, hash: UInt32) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot].index >= 0 {
      if slots[slot].hash == hash, isValue(at: Int(slots[slot].index), name) { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func index(of name: borrowing Span<UInt8>) -> Int {
    let hash = Self.hash(name)
    let slot = slot(of: name, hash: hash)
    if slots[slot].index >= 0 { return Int(slots[slot].index) }
    guard values.count < capacity else { return Self.overflow }
    let value = LabelValue(name.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    values.append(value)
    appendText(of: value)
    slots[slot] = Slot(index: Int32(values.count - 1), hash: hash)
    if values.count * 2 > slots.count { rehash(over: slots.count * 2) }
    return values.count - 1
  }

  private mutating func appendText(of value: LabelValue) {
    text += value.text.utf8
    starts.append(text.count)
  }

  /// Puts all values into `count` slots, a power of two.
  private mutating func rehash(over count: Int) {
    slots = Array(repeating: .empty, count: count)
    for index in values.indices {
      let hash = Self.hash(text.span.extracting(starts[index]..<starts[index + 1]))
      var slot = Int(truncatingIfNeeded: hash) & (count - 1)
      while slots[slot].index >= 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = Slot(index: Int32(index), hash: hash)
    }
  }

  private func isValue(at index: Int, _ name: borrowing Span<UInt8>) -> Bool {
    let start = starts[index]
    guard starts[index + 1] - start == name.count else { return false }
    return text.span.extracting(start..<start + name.count).equals(name)
  }

  /// A deliberate collision costs at most a search of all values.
  private static func hash(_ name: borrowing Span<UInt8>) -> UInt32 {
    UInt32(truncatingIfNeeded: XXH64.hash(name))
  }
}

/// The labels whose values come from evidence. The raw value is the label value of
/// `reflexive_label_overflow_total`.
package enum EvidenceLabel: String, CaseIterable, Hashable, Sendable {
  case agent, gate, event, subject
}

extension LabelTable {
  package func write(to writer: inout ByteWriter) {
    writer.write(values)
    writer.write(overflowedRows)
  }

  /// - Parameter limit: the limit of the table that was written.
  package init(limit: Int, from reader: inout ByteReader) throws(BinaryDecodingError) {
    self.init(limit: limit)
    let known = values
    values = try reader.read()
    overflowedRows = try reader.read()
    try reader.expect(values.starts(with: known) && values.count <= capacity)
    for value in values.dropFirst(known.count) { appendText(of: value) }
    var count = slots.count
    while count < values.count * 2 { count *= 2 }
    rehash(over: count)
  }
}
