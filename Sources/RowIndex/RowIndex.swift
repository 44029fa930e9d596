package import LinuxSystem
package import ReflexiveCore
import Synchronization

/// An index with a few bytes per row of a store. It tells which rows may match a filter, and which
/// certainly do.
///
/// The tail appends what it reads. Full blocks of rows go to an append-only file in the state
/// directory. The last rows and the list of blocks are part of the checkpoint, so they agree with
/// how far the tail has read, whenever the process ends.
///
/// The index may be out of date. A caller that shows a row reads it from the database first, and
/// tells the index which rows are gone.
package final class RowIndex: Sendable {
  /// The reason why the index cannot answer.
  package enum Unavailable: Error, Hashable, Sendable {
    /// The index is being filled, or has just changed. Try again.
    case notReady
    /// The file cannot be written.
    case failed
  }

  /// Enough that a scan needs few blocks, and few enough that unwritten rows are no burden.
  package static let usualBlockRows = 4096

  let state: Mutex<IndexState>
  private let directory: StateDirectory
  private let fileName: String
  private let blockRows: Int

  /// - Parameters:
  ///   - fileName: the name of the file, which is created when the first block is full.
  ///   - blockRows: the number of rows that fill a block.
  package init(
    _ directory: StateDirectory, fileName: String, blockRows: Int = RowIndex.usualBlockRows
  ) {
    self.directory = directory
    self.fileName = fileName
    self.blockRows = min(blockRows, BlockHeader.rowLimit)
    state = Mutex(IndexState())
  }

  /// Appends rows that the tail has read, in order of id.
  ///
  /// - Parameters:
  ///   - bytes: the bytes that their names are ranges of.
  ///   - tailID: the last id that the tail has read.
  ///   - reachedEnd: whether the database has no row above it.
  package func append(
    _ rows: [Evidence], bytes: [UInt8], tailID: Int64?, reachedEnd: Bool
  ) {
    state.withLock { state in
      state.tailID = tailID
      state.hasNews = true
      if state.condition == .live { append(rows, bytes: bytes, to: &state) }
      if reachedEnd { state.isCaughtUp = true }
    }
  }

  /// Forgets all rows, because the tail starts over.
  package func clear() {
    state.withLock { $0.reset(to: .live) }
  }

  /// The number of rows.
  package func rowCount() throws(Unavailable) -> Int {
    try state.withLock { (state) throws(Unavailable) in
      try state.checkIsReady()
      return state.rowCount
    }
  }

  /// Whether the tail has read the database since the last call, because of a write.
  package func takeNews() -> Bool {
    state.withLock { state in
      defer { state.hasNews = false }
      return state.hasNews
    }
  }

  /// Makes ``takeNews()`` return `true` once more.
  package func noteNews() { state.withLock { $0.hasNews = true } }

  func append(_ rows: [Evidence], bytes: [UInt8], to state: inout IndexState) {
    let bytes = bytes.span
    state.openBlock = nil
    rows.withUnsafeBufferPointer { rows in
      guard var row = rows.baseAddress else { return }
      for _ in rows.indices {
        state.open.append(IndexedRow(row, in: bytes, names: &state.names))
        row += 1
        guard state.open.count >= blockRows else { continue }
        closeBlock(&state)
        guard state.condition != .failed else { return }
      }
    }
  }

  /// Writes the open rows to the file.
  private func closeBlock(_ state: inout IndexState) {
    let block = EncodedBlock(state.open, epoch: state.epoch)
    state.open.removeAll(keepingCapacity: true)
    append(block, to: &state, at: state.blocks.count)
  }

  /// Appends a block to the file and inserts it at `position` among the others.
  func append(_ block: EncodedBlock, to state: inout IndexState, at position: Int) {
    do throws(SystemFailure) {
      let file = try openFile(&state)
      try file.write(block.header.bytes + block.bytes, at: state.end)
    } catch {
      state.failure = error
      state.condition = .failed
      return
    }
    state.blocks.insert(
      IndexState.Block(offset: state.end, header: block.header), at: position)
    state.end += block.header.byteCount
    state.isSynchronized = false
  }

  func openFile(_ state: inout IndexState) throws(SystemFailure) -> StateFile {
    if let file = state.file { return file }
    let file = try directory.open(fileName)
    state.file = file
    return file
  }
}

/// The state of a ``RowIndex``.
struct IndexState: Sendable {
  enum Condition: Hashable {
    /// The tail appends to the index.
    case live
    /// The index lacks rows that the tail has read. They are being read again.
    case incomplete
    /// The file cannot be written.
    case failed
  }

  struct Block: Sendable {
    var offset: Int
    var header: BlockHeader
  }

  var condition = Condition.live
  var failure: SystemFailure?
  var names = NameCodes()
  /// In order of id.
  var blocks: [Block] = []
  /// The rows after those in the blocks.
  var open: [IndexedRow] = []
  /// The open rows as a block, which is made on demand.
  var openBlock: EncodedBlock?
  var file: StateFile?
  /// The offset of the next block in the file.
  var end = 0
  /// Whether all that was written is on disk.
  var isSynchronized = true
  /// Identifies the blocks in the file. It changes each time the file is filled from the start.
  var epoch = UInt64.random(in: .min ... .max)
  /// Changes whenever blocks move to other positions.
  var generation: UInt64 = 0
  /// Changes whenever all rows are forgotten.
  var era: UInt64 = 0
  /// Whether the missing rows are being read again. All of them follow the last row of the index.
  var isFilling = false
  /// Rows below this id are gone.
  var lowestID = Int64.min
  /// The number of rows of the first block that are gone.
  var firstLive = 0
  /// Ranges of the file that no block has used since the last checkpoint.
  var freed: [Range<Int>] = []
  /// Freed ranges that the checkpoint being written, or one that failed, no longer needs.
  var releasing: [Range<Int>] = []
  /// The last id that the tail has read.
  var tailID: Int64?
  /// Whether the tail has read to the end since the rows were last forgotten.
  var isCaughtUp = false
  var hasNews = false

  var rowCount: Int {
    blocks.reduce(open.count - firstLive) { $0 + $1.header.count }
  }

  func checkIsReady() throws(RowIndex.Unavailable) {
    if condition == .failed { throw .failed }
    guard condition == .live, isCaughtUp else { throw .notReady }
  }

  /// The highest id in the index.
  var lastID: Int64? { open.last?.id ?? blocks.last?.header.lastID }

  /// Forgets all rows. It keeps the tail's last id if the rows are to be read again.
  mutating func reset(to condition: Condition) {
    var fresh = IndexState()
    fresh.condition = condition
    fresh.file = file
    fresh.generation = generation &+ 1
    fresh.era = era &+ 1
    if condition == .incomplete { (fresh.tailID, fresh.isCaughtUp) = (tailID, isCaughtUp) }
    self = fresh
  }
}
