import Glibc
import LinuxSystem
package import ReflexiveCore

/// Follows the table `evidence` of the database at one path, row by row, in the order of the ids.
///
/// It never writes, and between passes it holds nothing that a writer could wait for. Whatever
/// fails, the next pass goes on after the last row that was read. Not thread-safe: one caller at a
/// time.
package final class EvidenceTail {
  package let path: String
  private let payloadLimit: Int
  private var file: StoreFile?
  /// The file that was last read, and how far; survives every failure. `nil` before the first pass.
  package private(set) var position: TailPosition?
  /// The version of the file up to which every committed row has been read.
  private var settled: StoreFile.FileVersion?
  /// How long this thread worked during the longest read transaction so far: no writer may feel it.
  /// What other programs took of the processor meanwhile is left out.
  package private(set) var longestTransaction = Duration.zero
  /// The database file beneath the WAL at the latest pass; survives every failure.
  private var checkpointed: FileBeneathWAL?
  /// The file was overwritten since the latest pass that worked.
  private var isOverwritten = false
  /// How the files looked when the WAL was let go of, with all that is in it read.
  private var resting: StoreFile.FileStamp?

  /// Opens nothing.
  ///
  /// - Parameters:
  ///   - payloadLimit: bytes of UTF-8 above which a value becomes ``SQLiteValue/tooLarge``.
  ///   - position: where another tail of this path was. The first pass goes on from there, or says
  ///     with ``Pass/reset`` why what is there now is not what that tail followed.
  package init(
    path: String, payloadLimit: Int = 1 << 20, resumingAt position: TailPosition? = nil
  ) {
    self.position = position
    self.path = path
    self.payloadLimit = min(max(payloadLimit, 0), 1_000_000_000)
  }

  /// Whether a pass is worth while: something was committed, the file is another, the last pass
  /// failed or did not reach the end, or a writer is at work. Costs a few microseconds.
  package func hasChanged() -> Bool {
    if let resting { return StoreFile.FileStamp(path: path) != resting }
    guard let file, let settled else { return true }
    let appearance = StoreFile.FileStamp(path: path)
    guard file.unlocked?.hasWriter != true, (try? file.version()) == settled else { return true }
    rest(file, appearance)
    return false
  }

  /// Whether a WAL is held open that can be let go of once it has been quiet for some time.
  package var isAttached: Bool {
    guard let file else { return false }
    return file.unlocked == nil
  }

  /// Lets go of a WAL that has been quiet: as long as anybody is attached to it, its owner cannot
  /// change the journal mode.
  private func rest(_ file: StoreFile, _ appearance: StoreFile.FileStamp?) {
    guard file.unlocked == nil, let appearance, appearance.isSettled else { return }
    resting = appearance
    self.file = nil
  }

  /// Reads the next rows as they stand in one snapshot: at most `limit`, and no more once they take
  /// 4 MiB, yet at least one if there is one.
  ///
  /// Waits for writers 50 ms at most, and reads for about as long at most. If it throws, `batch` is
  /// empty and the tail is where it was.
  package func readBatch(
    into batch: inout EvidenceBatch, limit: Int
  ) throws(StoreReadError) -> Pass {
    settled = nil
    resting = nil
    do {
      return try readBeforeDeadline(into: &batch, limit: max(limit, 1))
    } catch {
      batch.removeAll()
      // To close a file beneath a WAL is an event that would have the next pass begin at once.
      if error.kind != .locked, !isOverwritten { file = nil }
      throw error
    }
  }

  private func readBeforeDeadline(
    into batch: inout EvidenceBatch, limit: Int
  ) throws(StoreReadError) -> Pass {
    let deadline = Deadline(milliseconds: 50)
    var firstVersion: StoreFile.FileVersion?
    var limit = limit
    var step = Deadline.firstPause
    while true {
      let isLastTry = deadline.hasPassed
      let obstacle: StoreReadError
      do throws(StoreReadError) {
        let file = try openFile()
        file.connection.busyDeadline = deadline
        let version = try file.version()
        if firstVersion == nil { firstVersion = version }
        let isCalm = file.isQuiet || isLastTry && version == firstVersion && file.isReadable
        if isCalm, let version {
          if try load(file, version), let pass = try read(file, version, into: &batch, limit: limit)
          {
            return pass
          }
          limit = max(limit / 2, min(limit, 16))
        }
        obstacle = file.writerError
      } catch {
        guard error.isPassing else { throw error }
        obstacle = error
      }
      if isLastTry { throw obstacle }
      Deadline.pause(&step)
    }
  }

  /// The file at the path now, opened anew if it is not the one that is open.
  private func openFile() throws(StoreReadError) -> StoreFile {
    if let file, file.isCurrent { return file }
    file = nil
    let opened = try StoreFile(path: path)
    file = opened
    return opened
  }

  /// Has the file load its table.
  ///
  /// - Returns: `false` if the schema was written to meanwhile.
  private func load(
    _ file: StoreFile, _ version: StoreFile.FileVersion
  ) throws(StoreReadError) -> Bool {
    do throws(StoreReadError) {
      if try file.loadTable(payloadLimit: payloadLimit, at: version) { return true }
    } catch {
      if file.confirms(version) { throw error }
    }
    self.file = nil
    return false
  }

  /// - Returns: `nil` if the file was written to meanwhile.
  private func read(
    _ file: StoreFile, _ version: StoreFile.FileVersion, into batch: inout EvidenceBatch, limit: Int
  ) throws(StoreReadError) -> Pass? {
    batch.removeAll()
    guard !file.hasStaleCache(at: version) else {
      self.file = nil
      return nil
    }
    try noticeOverwriting(of: file)
    let reading: Result<SnapshotRead?, StoreReadError>
    do throws(StoreReadError) {
      reading = .success(
        try SnapshotRead(
          file, after: position, isOverwritten: isOverwritten, limit: limit, into: &batch))
    } catch {
      reading = .failure(error)
    }
    longestTransaction = max(
      longestTransaction, .nanoseconds(file.connection.longestSnapshot))
    guard file.confirms(version) else {
      // What SQLite has cached may be half of the old content and half of the new.
      self.file = nil
      return nil
    }
    guard let reading = try reading.get() else { return nil }
    return finish(reading, of: file, version, batch)
  }

  /// Whoever overwrites a database in place leaves the inode and the WAL as they were.
  private func noticeOverwriting(of file: StoreFile) throws(StoreReadError) {
    guard let found = file.checkpointed else {
      checkpointed = nil
      return
    }
    switch checkpointed.map({ found.change(since: $0, now: readClock(CLOCK_REALTIME)) }) ?? .none {
    case .none: checkpointed = found
    case .rewritten:
      isOverwritten = true
      checkpointed = found
    case .overwritten:
      isOverwritten = true
      throw file.overwriteError
    }
  }

  /// Moves the tail over the rows of the batch.
  private func finish(
    _ reading: SnapshotRead, of file: StoreFile, _ version: StoreFile.FileVersion,
    _ batch: EvidenceBatch
  ) -> Pass {
    var row = reading.tail
    if let last = batch.rows.last {
      let time = reading.info.timeColumn
      row = TailPosition.Row(
        id: last.id, fingerprint: RowFingerprint(last, in: batch, time: time))
    }
    position = TailPosition(identity: file.identity, row: row)
    isOverwritten = false
    let pass = Pass(
      reset: reading.reset, tailID: row?.id, highestID: reading.highestID, info: reading.info,
      sizeBytes: file.sizeBytes)
    settled = pass.reachedEnd ? version : nil
    return pass
  }
}
