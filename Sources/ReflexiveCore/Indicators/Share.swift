/// The number of rows of one kind among several rows, and the ids of all of them.
package struct Share: Aggregate, Hashable {
  package private(set) var part = 0
  package private(set) var count = 0
  // Without a row, `first` is above `last`. An optional would cost a branch in each of many merges.
  private var first = Int64.max
  private var last = Int64.min

  init() {}

  /// Counts a row without a branch, because this runs for every row and window.
  ///
  /// - Parameter weight: 1, or 0 for a row that is left out.
  @inline(__always)
  mutating func add(_ id: Int64, weight: Int, isPart: Bool) {
    count &+= weight
    part &+= isPart ? weight : 0
    first = min(first, weight == 1 ? id : Int64.max)
    last = max(last, weight == 1 ? id : Int64.min)
  }

  /// The share to merge when a row that is already counted turns out to be of the kind.
  static let latePart: Share = {
    var share = Share()
    share.part = 1
    return share
  }()

  @inline(__always)
  package mutating func merge(_ other: Share) {
    part += other.part
    count += other.count
    first = min(first, other.first)
    last = max(last, other.last)
  }

  /// The part divided by the count; `nil` without a row.
  package var value: Double? { count > 0 ? Double(part) / Double(count) : nil }

  /// The first and the last id; `nil` without a row.
  package var ids: IDSpan? {
    guard count > 0 else { return nil }
    var ids = IDSpan(first)
    ids.merge(IDSpan(last))
    return ids
  }
}

extension Share {
  package static var blank: Self { Self() }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&part)
    try coder.code(&count)
    try coder.code(&first)
    try coder.code(&last)
  }
}
