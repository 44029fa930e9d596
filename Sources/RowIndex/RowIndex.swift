package import LinuxSystem
package import ReflexiveCore
import Synchronization

/// A few bytes a row of one store, which tell what rows may match a filter and which surely do.
///
/// The tail appends what it reads. Full blocks of rows go to a file of the state directory, which is
/// only ever appended to; the last rows and the list of blocks are part of the checkpoint, so they
/// agree with how far the tail has read, whenever the process ends.
///
/// What it says of a row is never proven: whoever shows a row reads it from the database first, and
/// tells the index of rows that are gone.
package final class RowIndex: Sendable {
  /// Why it cannot be asked.
  package enum Unavailable: Error, Hashable, Sendable {
    /// It is being filled, or changed meanwhile: to be asked again.
    case notReady
    /// Its file cannot be written.
    case failed
  }

  /// Enough that a scan asks for few blocks, and few enough that those not yet written are no burden.
  package static let usualBlockRows = 4096

  let state: Mutex<IndexState>
  private let directory: StateDirectory
  private let fileName: String
  private let blockRows: Int

  /// - Parameters:
  ///   - fileName: of its file, which is made when the first block is full.
  ///   - blockRows: how many rows fill a block.
  package init(
    _ directory: StateDirectory, fileName: String, blockRows: Int = RowIndex.usualBlockRows
  ) {
    self.directory = directory
    self.fileName = fileName
    self.blockRows = min(blockRows, BlockHeader.rowLimit)
    state = Mutex(IndexState())
  }

  /// Appends rows that the tail has read, in the order of their ids.
  ///
  /// - Parameters:
  ///   - bytes: what their names are ranges of.
  ///   - tailID: the last id that the tail has read.
  ///   - reachedEnd: there is no row above it.
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

  /// Forgets all rows: the tail begins anew.
  package func clear() {
    state.withLock { $0.reset(to: .live) }
  }

  /// How many rows there are.
  package func rowCount() throws(Unavailable) -> Int {
    try state.withLock { (state) throws(Unavailable) in
      try state.checkIsReady()
      return state.rowCount
    }
  }

  /// Whether the database was read since this was last asked: somebody wrote to it.
  package func takeNews() -> Bool {
    state.withLock { state in
      defer { state.hasNews = false }
      return state.hasNews
    }
  }

  /// Has ``takeNews()`` answer true once more.
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

  /// Writes a block to the end of the file and puts it in its place among the others.
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

/// All that a ``RowIndex`` knows.
struct IndexState: Sendable {
  enum Condition: Hashable {
    /// The tail appends to it.
    case live
    /// It lacks rows that the tail has read: they are read again.
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
  /// In the order of the ids.
  var blocks: [Block] = []
  /// The rows after those of the blocks.
  var open: [IndexedRow] = []
  /// The open rows as a block, made when they are asked for.
  var openBlock: EncodedBlock?
  var file: StateFile?
  /// Where the next block goes.
  var end = 0
  /// All that was written is on the disk.
  var isSynchronized = true
  /// Of the blocks in the file, another one each time it is filled from the start.
  var epoch = UInt64.random(in: .min ... .max)
  /// Another number means that blocks are in other places than before.
  var generation: UInt64 = 0
  /// Another number means that all rows were forgotten meanwhile.
  var era: UInt64 = 0
  /// The rows that it lacks are being read again, and none before the last one that it has.
  var isFilling = false
  /// Rows below this are gone.
  var lowestID = Int64.min
  /// Rows of the first block that are gone.
  var firstLive = 0
  /// Bytes of the file that no block has any more, since the last checkpoint.
  var freed: [Range<Int>] = []
  /// Those of the checkpoint that is being written, and of those that failed.
  var releasing: [Range<Int>] = []
  /// The last id that the tail has read.
  var tailID: Int64?
  /// The tail has read to the end since the rows were last forgotten.
  var isCaughtUp = false
  var hasNews = false

  var rowCount: Int {
    blocks.reduce(open.count - firstLive) { $0 + $1.header.count }
  }

  func checkIsReady() throws(RowIndex.Unavailable) {
    if condition == .failed { throw .failed }
    guard condition == .live, isCaughtUp else { throw .notReady }
  }

  /// The highest id of its rows.
  var lastID: Int64? { open.last?.id ?? blocks.last?.header.lastID }

  /// Forgets all rows. What the tail has read of them is kept if they are to be read again.
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
