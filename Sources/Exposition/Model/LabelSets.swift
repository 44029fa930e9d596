/// The label sets of one family, none of them twice, each as the text that both formats have for it,
/// up to its closing brace: `{store="a",agent="b"`. An empty set has none.
///
/// Quotes in values are escaped, so two sets have the same text only if their values are equal.
struct LabelSets: Sendable {
  /// A place in ``ends`` and the hash of the text there.
  private struct Slot {
    var place: Int
    var hash: Int

    static let empty = Slot(place: -1, hash: 0)
  }

  /// What stands before each value.
  private let openings: [[UInt8]]
  /// All texts, one after the other, and where each ends.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  /// Open addressing; a power of two, and at least twice as many as there are sets.
  private var slots = Array(repeating: Slot.empty, count: 16)

  /// - Parameter openings: what stands before each value: `{store="`, then `",agent="`, and so on.
  init(openings: [[UInt8]]) { self.openings = openings }

  var count: Int { ends.count }

  subscript(place: Int) -> ArraySlice<UInt8> {
    text[(place == 0 ? 0 : ends[place - 1])..<ends[place]]
  }

  /// - Parameter values: in the order of the names.
  /// - Returns: false, and nothing is changed, if the set is there.
  mutating func insert(_ values: LabelValues) -> Bool {
    let start = text.count
    write(values)
    let hash = hashOfText(from: start)
    var slot = hash & (slots.count - 1)
    while slots[slot].place >= 0 {
      if slots[slot].hash == hash, self[slots[slot].place] == text[start...] {
        text.removeSubrange(start...)
        return false
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Slot(place: count, hash: hash)
    ends.append(text.count)
    if count * 2 > slots.count { spread(over: slots.count * 4) }
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

  private mutating func spread(over count: Int) {
    let filled = slots.filter { $0.place >= 0 }
    slots = Array(repeating: .empty, count: count)
    for entry in filled {
      var slot = entry.hash & (count - 1)
      while slots[slot].place >= 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = entry
    }
  }
}
