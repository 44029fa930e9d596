/// A hash that is the same in every process, unlike `Hasher`. It mixes in each word with the
/// finalizer of SplitMix64 (Steele, Lea, Flood 2014).
package struct Digest: Sendable {
  package private(set) var value: UInt64 = 0x9e37_79b9_7f4a_7c15

  package init() {}

  package mutating func combine(_ word: UInt64) {
    var mixed = (value ^ word) &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    value = mixed ^ (mixed >> 31)
  }

  /// Combines the bytes, but not their count. Where the count can vary, the caller combines it,
  /// too.
  package mutating func combine(bytes: Span<UInt8>) {
    var word: UInt64 = 0
    var shift: UInt64 = 0
    for index in bytes.indices {
      word |= UInt64(bytes[index]) << shift
      shift += 8
      guard shift == 64 else { continue }
      combine(word)
      (word, shift) = (0, 0)
    }
    combine(word)
  }
}
