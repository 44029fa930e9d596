/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed, everywhere.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Makes new inputs from known ones.
struct Mutator {
  /// Inputs to begin with; not empty.
  var corpus: [[UInt8]]
  /// Pieces of the grammar of the input.
  var tokens: [[UInt8]]

  /// The input that belongs to `seed`: one of the corpus with a few mutations.
  func input(seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    var bytes = corpus.randomElement(using: &random) ?? []
    // Half of the inputs have one mutation, a quarter have two, and so on.
    repeat { mutate(&bytes, using: &random) } while Bool.random(using: &random)
    return bytes
  }

  private func mutate(_ bytes: inout [UInt8], using random: inout SplitMix64) {
    let start = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, start + Int.random(in: 1...16, using: &random))
    switch Int.random(in: 0..<9, using: &random) {
    case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where start < bytes.count: bytes[start] = interestingByte(using: &random)
    case 2: bytes.insert(interestingByte(using: &random), at: start)
    case 3: bytes.removeSubrange(start..<end)
    case 4: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 5: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: start)
    case 6: bytes.replaceSubrange(start..<end, with: tokens.randomElement(using: &random) ?? [])
    case 7: splice(&bytes, at: start, using: &random)
    default: if Bool.random(using: &random) { bytes.removeSubrange(start...) }
    }
  }

  /// Inserts a part of another input at `start`, and may drop the rest.
  private func splice(_ bytes: inout [UInt8], at start: Int, using random: inout SplitMix64) {
    let other = corpus.randomElement(using: &random) ?? []
    let from = Int.random(in: 0...other.count, using: &random)
    let to = Int.random(in: from...other.count, using: &random)
    if Bool.random(using: &random) { bytes.removeSubrange(start...) }
    bytes.insert(contentsOf: other[from..<to], at: start)
  }

  private func interestingByte(using random: inout SplitMix64) -> UInt8 {
    let bytes: [UInt8] = [0, 1, 9, 10, 13, 0x1F, 0x20, 0x7F, 0x80, 0xBF, 0xC2, 0xED, 0xF4, 0xFF]
    return bytes.randomElement(using: &random).flatMap { byte in
      Bool.random(using: &random) ? byte : nil
    } ?? UInt8.random(in: .min ... .max, using: &random)
  }
}
