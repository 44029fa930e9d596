import LinuxSystem
package import ReflexiveCore
import Synchronization

/// A scan of an index that is under way.
package struct IndexScan: Sendable {
  let filter: IndexFilter
  let isAscending: Bool
  let generation: UInt64
  /// It began at one end of the ids that are wanted, and ends at the other.
  let isBounded: Bool
  /// Of the next block; the open rows come after all blocks.
  var position: Int
  var block = BlockScan()
}

/// What one block of the index says.
package struct BlockMatches: Sendable {
  /// Rows that surely match.
  package var certain = 0
  /// Ids of rows that match or not, in no order.
  package var uncertain: [Int64] = []
  /// Ids of the rows that were asked for, in the order of the scan, some of them uncertain.
  package var candidates: [Int64] = []
}

extension RowIndex {
  /// - Parameters:
  ///   - ascending: from the lowest id on, else from the highest.
  ///   - id: blocks of rows before this one, in the order of the scan, are left out, and so are those
  ///     behind the ids that are wanted.
  package func beginScan(
    _ filter: EvidenceFilter, now: UnixTime, ascending: Bool, from id: Int64? = nil
  ) throws(Unavailable) -> IndexScan {
    try state.withLock { (state) throws(Unavailable) in
      try state.checkIsReady()
      let start = id.map { state.position(of: $0) } ?? (ascending ? 0 : state.blocks.count)
      return IndexScan(
        filter: IndexFilter(filter, state.names, now: now), isAscending: ascending,
        generation: state.generation, isBounded: id != nil, position: start)
    }
  }

  /// Looks through the next block.
  ///
  /// - Parameters:
  ///   - wanted: how many rows that surely match are enough as candidates.
  ///   - span: the ids that candidates have.
  /// - Returns: `nil` after the last one.
  package func next(
    _ scan: inout IndexScan, wanted: Int, in span: ClosedRange<Int64>
  ) throws(Unavailable) -> BlockMatches? {
    try state.withLock { (state) throws(Unavailable) in
      try state.checkIsReady()
      guard state.generation == scan.generation else { throw .notReady }
      guard 0...state.blocks.count ~= scan.position else { return nil }
      do throws(BlockScan.Damage) {
        return try Self.look(&scan, &state, wanted: wanted, in: span)
      } catch {
        state.reset(to: .incomplete)
        throw .notReady
      }
    }
  }

  private static func look(
    _ scan: inout IndexScan, _ state: inout IndexState, wanted: Int, in span: ClosedRange<Int64>
  ) throws(BlockScan.Damage) -> BlockMatches? {
    let position = scan.position
    scan.position += scan.isAscending ? 1 : -1
    guard let source = state.source(at: position) else { return BlockMatches() }
    let isBehind =
      scan.isAscending
      ? source.header.firstID > span.upperBound : source.header.lastID < span.lowerBound
    if scan.isBounded, isBehind { return nil }
    let firstLive = position == 0 && !state.blocks.isEmpty ? state.firstLive : 0
    try scan.block.run(scan.filter, source.header, firstLive: firstLive, read: source.read)
    var matches = BlockMatches(certain: scan.block.certainCount)
    let hasUncertain = scan.block.possibleCount > scan.block.certainCount
    let (low, high) = (source.header.firstID, source.header.lastID)
    let overlaps = span.overlaps(low...high)
    guard hasUncertain || wanted > 0 && overlaps else { return matches }
    let ids = try source.ids()
    var found = 0
    scan.block.forEachMatch(descending: !scan.isAscending) { row, isCertain in
      let id = ids(row)
      if !isCertain { matches.uncertain.append(id) }
      if found < wanted, span.contains(id) {
        matches.candidates.append(id)
        if isCertain { found += 1 }
      }
      return hasUncertain || found < wanted
    }
    return matches
  }
}

extension IndexState {
  /// Where the bytes of one block are.
  struct Source {
    var header: BlockHeader
    /// Without its header; absent where it is in the file.
    var memory: [UInt8]?
    var file: StateFile?
    /// Of the block in the file.
    var offset = 0

    func read(
      _ bytes: inout [UInt8], _ start: Int, _ count: Int
    ) throws(BlockScan.Damage) {
      if let memory {
        bytes.replaceSubrange(0..<count, with: memory[start..<start + count])
        return
      }
      guard let file else { throw BlockScan.Damage() }
      do throws(SystemFailure) {
        try file.read(into: &bytes, count: count, at: offset + BlockHeader.size + start)
      } catch {
        throw BlockScan.Damage()
      }
    }

    /// The ids of its rows.
    func ids() throws(BlockScan.Damage) -> (Int) -> Int64 {
      let (first, width) = (header.firstID, Int(header.ids.width))
      guard width > 0 else { return { first &+ Int64($0) } }
      var bytes = [UInt8](repeating: 0, count: width * header.count)
      try read(&bytes, 0, bytes.count)
      guard XXH64.hash(bytes.span.bytes) == header.ids.checksum else {
        throw BlockScan.Damage()
      }
      return { [bytes] row in
        var offset: UInt64 = 0
        for index in (0..<width).reversed() {
          offset = offset << 8 | UInt64(bytes[row * width + index])
        }
        return first &+ Int64(bitPattern: offset)
      }
    }

    /// All of it.
    func block() throws(BlockScan.Damage) -> EncodedBlock {
      var bytes = [UInt8](repeating: 0, count: header.offset(of: nil))
      try read(&bytes, 0, bytes.count)
      guard let block = EncodedBlock(header, bytes) else { throw BlockScan.Damage() }
      return block
    }
  }

  /// - Parameter position: of a block, or after all of them of the open rows.
  mutating func source(at position: Int) -> Source? {
    if position < blocks.count {
      let block = blocks[position]
      return Source(header: block.header, file: file, offset: block.offset)
    }
    guard !open.isEmpty else { return nil }
    let block = openBlock ?? EncodedBlock(open, epoch: epoch)
    openBlock = block
    return Source(header: block.header, memory: block.bytes)
  }

  /// Of the first block that has an id as high as `id`.
  func position(of id: Int64) -> Int {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].header.lastID < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
