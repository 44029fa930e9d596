/// The distinct label sets of one family. Each is kept as its text in both formats, up to the
/// closing brace: `{store="a",agent="b"`. The text of an empty set is empty.
///
/// Quotes in values are escaped, so two sets have the same text only if their values are equal.
struct LabelSets: Sendable {
  /// An index in ``ends``, -1 for an empty slot, and the hash of the text there.
  private struct Slot {
    var index: Int
    var hash: Int

    static let empty = Slot(index: -1, hash: 0)
  }

  /// The text before each value.
  private let openings: [[UInt8]]
  /// All texts, one after the other, and where each ends.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  /// A hash table with open addressing. Its length is a power of two, and at least twice ``count``.
  private var slots = Array(repeating: Slot.empty, count: 16)

  /// - Parameter openings: the text before each value: `{store="`, then `",agent="`, and so on.
  init(openings: [[UInt8]]) { self.openings = openings }

  var count: Int { ends.count }

  subscript(index: Int) -> ArraySlice<UInt8> {
    text[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  /// - Parameter values: in the order of the label names.
  /// - Returns: false, with nothing changed, if the set is there already.
  mutating func insert(_ values: LabelValues) -> Bool {
    let start = text.count
    write(values)
    let hash = hashOfText(from: start)
    var slot = hash & (slots.count - 1)
    while slots[slot].index >= 0 {
      if slots[slot].hash == hash, self[slots[slot].index] == text[start...] {
        text.removeSubrange(start...)
        return false
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Slot(index: count, hash: hash)
    ends.append(text.count)
    if count * 2 > slots.count { rehash(over: slots.count * 4) }
    return true
  }

  private mutating func write(_ values: LabelValues) {
    guard !openings.isEmpty else { return }
    for (index, value) in values.texts.enumerated() {
      text.append(contentsOf: openings[index])
      text.append(value, escaping: .backslashAndQuote)
    }
    text.append(UInt8(ascii: "\""))
  }

  private func hashOfText(from start: Int) -> Int {
    var hasher = Hasher()
    text.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    return hasher.finalize()
  }

  private mutating func rehash(over count: Int) {
    let filled = slots.filter { $0.index >= 0 }
    slots = Array(repeating: .empty, count: count)
    for entry in filled {
      var slot = entry.hash & (count - 1)
      while slots[slot].index >= 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = entry
    }
  }
}
