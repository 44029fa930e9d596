import ReflexiveCore
import Synchronization

/// Removes rows that are gone from the database.
extension RowIndex {
  /// The state of the index before a look at the database. Rows that came later are not gone.
  package struct Mark: Hashable, Sendable {
    let era: UInt64
    let lastID: Int64?
  }

  /// Take it before looking at the database.
  package var mark: Mark { state.withLock { Mark(era: $0.era, lastID: $0.lastID) } }

  /// Forgets the rows outside `ids`, the span of ids in the database; `nil` for an empty table.
  package func retain(_ ids: ClosedRange<Int64>?, since mark: Mark) {
    guard let lastID = mark.lastID else { return }
    change(since: mark) { (state) throws(BlockScan.Damage) in
      guard let ids else {
        try remove(from: &state, in: .min...lastID) { _ in true }
        return
      }
      if state.lowestID < ids.lowerBound {
        state.lowestID = ids.lowerBound
        try state.dropBelowLowest()
      }
      guard lastID > ids.upperBound else { return }
      try remove(from: &state, in: ids.upperBound + 1...lastID) { _ in true }
    }
  }

  /// Forgets the rows in `span` that the database does not have.
  ///
  /// - Parameter present: the ids in `span` that the database has, ascending.
  package func retain(_ present: [Int64], in span: ClosedRange<Int64>, since mark: Mark) {
    guard let lastID = mark.lastID, lastID >= span.lowerBound else { return }
    let span = span.lowerBound...min(span.upperBound, lastID)
    change(since: mark) { (state) throws(BlockScan.Damage) in
      try remove(from: &state, in: span) { id in !present.hasSorted(id) }
    }
  }

  /// The ids above `id` in the block that has the lowest of them. Each span is a piece of the index
  /// to compare with the database. `nil` after the last piece.
  package func span(after id: Int64?) -> ClosedRange<Int64>? {
    state.withLock { state in
      guard state.condition == .live, id != .max else { return nil }
      let start = id.map { $0 + 1 } ?? .min
      let position = state.position(of: start)
      if position < state.blocks.count {
        let header = state.blocks[position].header
        return max(header.firstID, start)...header.lastID
      }
      guard let first = state.open.first?.id, let last = state.open.last?.id, last >= start else {
        return nil
      }
      return max(first, start)...last
    }
  }

  /// The number of pieces that ``span(after:)`` has.
  package var spanCount: Int { state.withLock { $0.blocks.count + 1 } }

  private func change(
    since mark: Mark, _ body: (inout IndexState) throws(BlockScan.Damage) -> Void
  ) {
    state.withLock { state in
      guard state.condition == .live, state.era == mark.era else { return }
      do throws(BlockScan.Damage) {
        try body(&state)
      } catch {
        state.reset(to: .incomplete)
      }
    }
  }

  /// Removes rows in `span`. Blocks that lose rows are written anew elsewhere in the file.
  private func remove(
    from state: inout IndexState, in span: ClosedRange<Int64>, where isGone: (Int64) -> Bool
  ) throws(BlockScan.Damage) {
    var position = state.position(of: span.lowerBound)
    while position < state.blocks.count, state.blocks[position].header.firstID <= span.upperBound {
      guard let source = state.source(at: position) else { return }
      let ids = try source.ids()
      let kept = (0..<source.header.count).filter { row in
        let id = ids(row)
        return id >= state.lowestID && !(span.contains(id) && isGone(id))
      }
      if kept.count + (position == 0 ? state.firstLive : 0) == source.header.count {
        position += 1
        continue
      }
      let block = try source.block()
      state.drop(at: position)
      guard !kept.isEmpty else { continue }
      append(EncodedBlock(block, keeping: kept), to: &state, at: position)
      guard state.condition == .live else { return }
      position += 1
    }
    try state.countGone()
    let count = state.open.count
    state.open.removeAll { span.contains($0.id) && isGone($0.id) }
    if state.open.count < count { state.openBlock = nil }
  }
}

extension [Int64] {
  /// Whether the array, which has to be ascending, contains `id`.
  fileprivate func hasSorted(_ id: Int64) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == id
  }
}

extension IndexState {
  /// Removes a block. Its bytes in the file are free once no checkpoint needs them.
  mutating func drop(at position: Int) {
    let block = blocks.remove(at: position)
    freed.append(block.offset..<block.offset + block.header.byteCount)
    generation &+= 1
  }

  mutating func dropBelowLowest() throws(BlockScan.Damage) {
    while let first = blocks.first, first.header.lastID < lowestID { drop(at: 0) }
    try countGone()
    let gone = open.prefix { $0.id < lowestID }.count
    guard gone > 0 else { return }
    open.removeFirst(gone)
    openBlock = nil
  }

  /// Counts the rows of the first block that are gone.
  mutating func countGone() throws(BlockScan.Damage) {
    firstLive = 0
    guard let first = blocks.first, first.header.firstID < lowestID,
      let ids = try source(at: 0)?.ids()
    else { return }
    firstLive = (0..<first.header.count).first { ids($0) >= lowestID } ?? first.header.count
  }
}
