import LinuxSystem
package import ReflexiveCore
import Synchronization

/// A scan of an index in progress.
package struct IndexScan: Sendable {
  let filter: IndexFilter
  let isAscending: Bool
  let generation: UInt64
  /// Whether the scan ends with the last block of the wanted ids.
  let isBounded: Bool
  /// The position of the next block. The open rows come after all blocks.
  var position: Int
  var block = BlockScan()
}

/// The matches in one block of the index.
package struct BlockMatches: Sendable {
  /// The number of rows that certainly match.
  package var certain = 0
  /// The ids of rows that may match, in no order.
  package var uncertain: [Int64] = []
  /// The ids of wanted rows, in the order of the scan. Some of them are uncertain.
  package var candidates: [Int64] = []
}

extension RowIndex {
  /// - Parameters:
  ///   - ascending: whether to start with the lowest id instead of the highest.
  ///   - id: where to start. With it, the scan leaves out blocks before it, and ends with the last
  ///     block of the wanted ids.
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

  /// Scans the next block.
  ///
  /// - Parameters:
  ///   - wanted: the number of certain matches that is enough as candidates.
  ///   - span: the ids that candidates may have.
  /// - Returns: `nil` after the last block.
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
  /// The location of a block's bytes.
  struct Source {
    var header: BlockHeader
    /// The bytes without the header; `nil` if they are in the file.
    var memory: [UInt8]?
    var file: StateFile?
    /// The offset of the block in the file.
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

    /// Reads the ids of the block's rows.
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

    /// Reads the whole block.
    func block() throws(BlockScan.Damage) -> EncodedBlock {
      var bytes = [UInt8](repeating: 0, count: header.offset(of: nil))
      try read(&bytes, 0, bytes.count)
      guard let block = EncodedBlock(header, bytes) else { throw BlockScan.Damage() }
      return block
    }
  }

  /// - Parameter position: that of a block, or the number of blocks for the open rows.
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

  /// The position of the first block with an id of at least `id`.
  func position(of id: Int64) -> Int {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].header.lastID < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
