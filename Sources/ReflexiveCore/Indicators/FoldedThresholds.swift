/// The last thresholds of gates without series of their own: gates beyond the limit of label
/// values, and gates with a name that is too long or reserved.
struct FoldedThresholds: Sendable {
  /// The most gates to remember. Each threshold of any further gate counts as its first.
  private static let limit = 10_000

  /// The digests of the gates' names, ascending.
  private var digests: [UInt64] = []
  private var thresholds: [Double] = []

  /// - Returns: the previous threshold of `gate`.
  mutating func replace(
    with threshold: Double?, of gate: Name, in bytes: borrowing Span<UInt8>
  ) -> Double? {
    guard let digest = Self.digest(of: gate, in: bytes) else { return nil }
    let position = position(of: digest)
    guard position < digests.count, digests[position] == digest else {
      guard let threshold, digests.count < Self.limit else { return nil }
      digests.insert(digest, at: position)
      thresholds.insert(threshold, at: position)
      return nil
    }
    let last = thresholds[position]
    if let threshold { thresholds[position] = threshold }
    return last
  }

  /// The index of the first digest that is not below `digest`.
  private func position(of digest: UInt64) -> Int {
    var (low, high) = (0, digests.count)
    while low < high {
      let middle = (low + high) / 2
      if digests[middle] < digest { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func digest(of gate: Name, in bytes: borrowing Span<UInt8>) -> UInt64? {
    switch gate {
    case .unknown: nil
    case .tooLong(let digest): digest
    case .bytes(let range):
      Name.digest(of: bytes.extracting(range.offset..<range.offset + range.count))
    }
  }
}

extension FoldedThresholds: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&digests)
    try coder.code(&thresholds)
    try coder.expect(digests.count == thresholds.count && digests.count <= Self.limit)
  }
}
