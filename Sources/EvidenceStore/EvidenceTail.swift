import Glibc
import LinuxSystem
package import ReflexiveCore

/// Follows the table `evidence` of the database at one path, row by row, in the order of the ids.
///
/// It never writes, and between passes it has no transaction open. After a failed pass, the next
/// one goes on after the last row that was read. Not thread-safe: one caller at a time.
package final class EvidenceTail {
  package let path: String
  private let payloadLimit: Int
  private var file: StoreFile?
  /// The file that was read last, and how far; a failed pass keeps it. `nil` before the first pass.
  package private(set) var position: TailPosition?
  /// The version of the file at which every committed row had been read.
  private var versionAtEnd: StoreFile.FileVersion?
  /// The most processor time that a read transaction has taken so far. A long one would keep a
  /// writer's checkpoint from resetting the WAL. Time that other programs took meanwhile does not
  /// count.
  package private(set) var longestTransaction = Duration.zero
  /// The database file beneath the WAL at the latest pass; a failed pass keeps it.
  private var fileBeneathWAL: FileBeneathWAL?
  /// Whether the file was overwritten since the latest pass that succeeded.
  private var isOverwritten = false
  /// The version of a database with a WAL at which the latest pass failed.
  private var versionAtFailure: StoreFile.FileVersion?
  /// The stamp of the files when the WAL was closed, with all of it read.
  private var idleStamp: StoreFile.FileStamp?

  /// Opens nothing.
  ///
  /// - Parameters:
  ///   - payloadLimit: bytes of UTF-8 above which a value becomes ``SQLiteValue/tooLarge``.
  ///   - position: where another tail of this path was. The first pass goes on from there. If the
  ///     content is not what that tail followed, ``Pass/reset`` says why.
  package init(
    path: String, payloadLimit: Int = 1 << 20, resumingAt position: TailPosition? = nil
  ) {
    self.position = position
    fileBeneathWAL = position?.fileBeneathWAL
    self.path = path
    self.payloadLimit = min(max(payloadLimit, 0), 1_000_000_000)
  }

  /// Whether a pass may find something new: a commit, another file, a writer in a transaction, or a
  /// last pass that failed or did not reach the end. It takes a few microseconds.
  ///
  /// It also closes the WAL if that is idle.
  package func hasChanged() -> Bool {
    if let idleStamp { return StoreFile.FileStamp(path: path) != idleStamp }
    guard let file, let versionAtEnd else { return true }
    let stamp = StoreFile.FileStamp(path: path)
    guard file.unlocked?.hasWriter != true, (try? file.version()) == versionAtEnd else {
      return true
    }
    closeIdleWAL(file, stamp)
    return false
  }

  /// Whether a WAL is open. ``hasChanged()`` closes it once it is idle.
  package var isAttached: Bool {
    guard let file else { return false }
    return file.unlocked == nil
  }

  /// Closes a WAL that is idle: its owner cannot change the journal mode while a reader has it
  /// open.
  private func closeIdleWAL(_ file: StoreFile, _ stamp: StoreFile.FileStamp?) {
    guard file.unlocked == nil, let stamp, stamp.isIdle else { return }
    idleStamp = stamp
    self.file = nil
  }

  /// Reads the next rows of one snapshot: at most `limit`, and no more once they take 4 MiB, but at
  /// least one if there is one.
  ///
  /// It waits at most 50 ms for writers and reads for about as long. The first pass, and one after
  /// a change of the schema, takes longer in a database with thousands of tables. If it throws,
  /// `batch` is empty and the tail is where it was.
  package func readBatch(
    into batch: inout EvidenceBatch, limit: Int
  ) throws(StoreReadError) -> Pass {
    versionAtEnd = nil
    idleStamp = nil
    do {
      return try readBeforeDeadline(into: &batch, limit: max(limit, 1))
    } catch {
      batch.removeAll()
      if error.kind != .locked { keepAfterFailure() }
      throw error
    }
  }

  /// Keeps a database with a WAL open until it changes: closing it raises a file event, which would
  /// start the next pass at once.
  private func keepAfterFailure() {
    let version = file.flatMap { file in file.unlocked == nil ? try? file.version() : nil }
    if version == nil { file = nil }
    versionAtFailure = version
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
      let latestError: StoreReadError
      do throws(StoreReadError) {
        let file = try openFile()
        file.connection.busyDeadline = deadline
        let version = try file.version()
        if firstVersion == nil { firstVersion = version }
        let canRead = file.isSafeToRead || isLastTry && version == firstVersion && file.isReadable
        if canRead, let version {
          if try load(file, version), let pass = try read(file, version, into: &batch, limit: limit)
          {
            return pass
          }
          limit = max(limit / 2, min(limit, 16))
        }
        latestError = file.writerError
      } catch {
        guard error.isTransient else { throw error }
        latestError = error
      }
      if isLastTry { throw latestError }
      Deadline.pause(&step)
    }
  }

  /// The file that is at the path now, opened if it is not open.
  private func openFile() throws(StoreReadError) -> StoreFile {
    if let file, file.isCurrent,
      versionAtFailure == nil || versionAtFailure == (try? file.version())
    {
      return file
    }
    file = nil
    versionAtFailure = nil
    let opened = try StoreFile(path: path)
    file = opened
    return opened
  }

  /// Loads the table of the file.
  ///
  /// - Returns: false if a writer changed the schema meanwhile.
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

  /// - Returns: `nil` if a writer changed the file meanwhile.
  private func read(
    _ file: StoreFile, _ version: StoreFile.FileVersion, into batch: inout EvidenceBatch, limit: Int
  ) throws(StoreReadError) -> Pass? {
    batch.removeAll()
    guard !file.hasStaleCache(at: version) else {
      self.file = nil
      return nil
    }
    try detectOverwriting(of: file)
    let read: Result<SnapshotRead?, StoreReadError>
    do throws(StoreReadError) {
      read = .success(
        try SnapshotRead(
          file, after: position, isOverwritten: isOverwritten, limit: limit, into: &batch))
    } catch {
      read = .failure(error)
    }
    longestTransaction = max(
      longestTransaction, .nanoseconds(file.connection.longestSnapshot))
    guard file.confirms(version) else {
      // SQLite's cache may hold half of the old content and half of the new.
      self.file = nil
      return nil
    }
    guard let read = try read.get() else { return nil }
    return finish(read, of: file, version, batch)
  }

  /// A database that is overwritten in place keeps its inode and its WAL.
  private func detectOverwriting(of file: StoreFile) throws(StoreReadError) {
    let (change, now) = file.changeBeneathWAL(since: fileBeneathWAL)
    switch change {
    case .none: fileBeneathWAL = now
    case .unknown: break
    case .rewritten:
      isOverwritten = true
      fileBeneathWAL = now
    case .overwritten:
      isOverwritten = true
      throw file.overwriteError
    }
  }

  /// Moves the tail over the rows of the batch.
  private func finish(
    _ read: SnapshotRead, of file: StoreFile, _ version: StoreFile.FileVersion,
    _ batch: EvidenceBatch
  ) -> Pass {
    var row = read.tail
    if let last = batch.rows.last {
      let time = read.info.timeColumn
      row = TailPosition.Row(
        id: last.id, fingerprint: RowFingerprint(last, in: batch, time: time))
    }
    position = TailPosition(identity: file.identity, row: row, fileBeneathWAL: fileBeneathWAL)
    isOverwritten = false
    versionAtFailure = nil
    let pass = Pass(
      reset: read.reset, tailID: row?.id, highestID: read.highestID, info: read.info,
      sizeBytes: file.sizeBytes)
    versionAtEnd = pass.reachedEnd ? version : nil
    return pass
  }
}
