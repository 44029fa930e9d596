package import LinuxSystem
package import ReflexiveCore
import Synchronization

/// The part of an index that a checkpoint keeps: all but the blocks in the file.
package struct IndexCheckpoint: Sendable {
  var epoch: UInt64
  var end: Int
  var offsets: [Int]
  var lowestID: Int64
  var open: [IndexedRow]
  var names: NameCodes
}

extension RowIndex {
  /// - Returns: `nil` while the index lacks rows.
  package func checkpoint() -> IndexCheckpoint? {
    state.withLock { state in
      guard state.condition == .live else { return nil }
      state.releasing += state.freed
      state.freed = []
      return IndexCheckpoint(
        epoch: state.epoch, end: state.end, offsets: state.blocks.map(\.offset),
        lowestID: state.lowestID, open: state.open, names: state.names)
    }
  }

  /// Waits until all that a checkpoint refers to is on disk. Call it before saving the checkpoint.
  package func synchronize() throws(SystemFailure) {
    let file = state.withLock { state -> StateFile? in
      defer { state.isSynchronized = true }
      return state.isSynchronized ? nil : state.file
    }
    do throws(SystemFailure) {
      try file?.synchronize()
    } catch {
      state.withLock { $0.isSynchronized = false }
      throw error
    }
  }

  /// Frees space that no checkpoint needs any more. Call it after saving a checkpoint.
  package func checkpointWasSaved() {
    let (file, ranges) = state.withLock { state in
      defer { state.releasing = [] }
      return (state.file, state.releasing)
    }
    guard let file, !ranges.isEmpty else { return }
    let isReleased = ranges.allSatisfy { file.release($0) }
    guard !isReleased else { return }
    // This file system cannot free parts of a file, so the file is refilled once it is too large.
    state.withLock { state in
      let used = state.blocks.reduce(0) { $0 + $1.header.byteCount }
      if state.end > 2 * used + (16 << 20) { state.reset(to: .incomplete) }
    }
  }

  /// Resumes from a checkpoint. If the file lacks a part that it refers to, the rows have to be
  /// read again.
  ///
  /// - Parameters:
  ///   - checkpoint: `nil` if there was no index when the checkpoint was made.
  ///   - tailID: the last id that the tail had read by then.
  /// - Returns: whether nothing is missing.
  package func restore(_ checkpoint: IndexCheckpoint?, tailID: Int64?) -> Bool {
    state.withLock { state in
      state.reset(to: .live)
      state.tailID = tailID
      guard let checkpoint, restore(checkpoint, into: &state) else {
        state.reset(to: .incomplete)
        return false
      }
      return true
    }
  }

  private func restore(_ checkpoint: IndexCheckpoint, into state: inout IndexState) -> Bool {
    state.epoch = checkpoint.epoch
    state.end = checkpoint.end
    state.lowestID = checkpoint.lowestID
    state.open = checkpoint.open
    state.names = checkpoint.names
    guard !checkpoint.offsets.isEmpty else { return state.isInOrder }
    do {
      let file = try openFile(&state)
      guard try file.size() >= checkpoint.end else { return false }
      try file.truncate(to: checkpoint.end)
      var bytes = [UInt8](repeating: 0, count: BlockHeader.size)
      for offset in checkpoint.offsets {
        try file.read(into: &bytes, count: bytes.count, at: offset)
        guard let header = BlockHeader(bytes, epoch: checkpoint.epoch) else { return false }
        state.blocks.append(IndexState.Block(offset: offset, header: header))
      }
      try state.countGone()
      return state.isInOrder
    } catch {
      return false
    }
  }
}

extension IndexState {
  /// Whether ids increase from block to block.
  fileprivate var isInOrder: Bool {
    let ids = blocks.flatMap { [$0.header.firstID, $0.header.lastID] } + open.map(\.id)
    return zip(ids, ids.dropFirst()).allSatisfy { $0 <= $1 }
  }
}

extension IndexCheckpoint: BinaryFields {
  package static var blank: Self {
    Self(epoch: 0, end: 0, offsets: [], lowestID: 0, open: [], names: NameCodes())
  }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&epoch)
    try coder.code(&end)
    try coder.code(&offsets)
    try coder.code(&lowestID)
    try coder.code(&open)
    try coder.code(&names)
    try coder.expect(open.count < BlockHeader.rowLimit)
  }
}
