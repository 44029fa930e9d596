import Glibc
import LinuxSystem
package import ReflexiveCore

/// Follows the table `evidence` of the database at one path, row by row, in order of id.
///
/// It never writes, and it has no transaction open between passes. After a failed pass, the next
/// one continues after the last row that was read. Not thread-safe: one caller at a time.
package final class EvidenceTail {
  package let path: String
  private let payloadLimit: Int
  private var file: StoreFile?
  /// The file that was read last, and how far. A failed pass keeps it. `nil` before the first pass.
  package private(set) var position: TailPosition?
  /// The version of the file at which every committed row had been read, and the time of that pass.
  private var end: (version: StoreFile.FileVersion, at: Int64)?
  /// The most processor time that a read transaction has taken so far, not counting other programs.
  /// A long one would keep a writer's checkpoint from resetting the WAL.
  package private(set) var longestTransaction = Duration.zero
  /// The database file beneath the WAL at the latest pass; a failed pass keeps it.
  private var fileBeneathWAL: FileBeneathWAL?
  /// Whether the file was overwritten since the latest pass that succeeded.
  private var isOverwritten = false
  /// The version of a database with a WAL at which the latest pass failed.
  private var versionAtFailure: StoreFile.FileVersion?
  /// Whether a writer was in a transaction when the latest pass had read its rows.
  private var hadWriter = false
  /// The stamp of the files when the WAL was closed, with all of it read.
  private var idle: (stamp: StoreFile.FileStamp, walPath: String)?

  /// Creates a tail and opens nothing.
  ///
  /// - Parameters:
  ///   - payloadLimit: the size in UTF-8 above which a value becomes ``SQLiteValue/tooLarge``.
  ///   - position: the position of an earlier tail of this path, where the first pass continues. If
  ///     the content is not what that tail followed, ``Pass/reset`` says why.
  package init(
    path: String, payloadLimit: Int = 1 << 20, resumingAt position: TailPosition? = nil
  ) {
    self.position = position
    fileBeneathWAL = position?.fileBeneathWAL
    self.path = path
    self.payloadLimit = min(max(payloadLimit, 0), 1_000_000_000)
  }

  /// Checks the files, which takes a few microseconds.
  ///
  /// It also closes an idle WAL, because its owner cannot change the journal mode while a reader
  /// has it open.
  package func check() -> Check { checkFiles().result }

  /// - Returns: the result, and the state of the files from which a pass can start now.
  private func checkFiles() -> (result: Check, start: PassStart?) {
    if let idle {
      let stamp = StoreFile.FileStamp(path: path, walPath: idle.walPath)
      return (stamp == idle.stamp ? .idle : .changed, nil)
    }
    guard let file, let end else { return (.changed, nil) }
    // If a writer ends its transaction after this line, the version below includes its commit.
    let hasWriter = file.hasWriter
    let stamp = idleStamp(file, since: end.at)
    guard let status = file.status(), let version = try? file.version(status) else {
      return (.changed, nil)
    }
    guard version == end.version else {
      return (.changed, PassStart(status: status, version: version))
    }
    if let stamp {
      idle = (stamp, file.walPath)
      self.file = nil
      return (.idle, nil)
    }
    return (hasWriter ? .writing : isAttached ? .walOpen : .idle, nil)
  }

  /// Whether a WAL is open. ``check()`` closes it once it is idle.
  package var isAttached: Bool {
    guard let file else { return false }
    return file.unlocked == nil
  }

  /// The stamp of the files if the WAL is idle.
  private func idleStamp(_ file: StoreFile, since end: Int64) -> StoreFile.FileStamp? {
    // Shortly after a pass it is not idle. This takes no system call.
    guard isAttached, readClock(CLOCK_MONOTONIC_COARSE) &- end >= StoreFile.FileStamp.idleTime,
      let stamp = StoreFile.FileStamp(path: path, walPath: file.walPath), stamp.isIdle
    else { return nil }
    return stamp
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
    end = nil
    idle = nil
    do {
      return try readBeforeDeadline(into: &batch, limit: max(limit, 1))
    } catch {
      batch.removeAll()
      if error.kind != .locked { keepAfterFailure() }
      throw error
    }
  }

  /// Keeps a database with a WAL open until it changes, because closing it raises a file event,
  /// which would start the next pass at once.
  private func keepAfterFailure() {
    let version = file.flatMap { file in file.unlocked == nil ? try? file.version() : nil }
    if version == nil { file = nil }
    versionAtFailure = version
  }

  /// Checks the files and reads the next rows like ``readBatch(into:limit:)``, but never waits for
  /// a writer, opens a file or loads a schema. If it reads nothing, the tail is where it was.
  package func readBatchAtOnce(into batch: inout EvidenceBatch, limit: Int) -> Attempt {
    batch.removeAll()
    let (result, start) = checkFiles()
    guard result == .changed else { return .nothing(result) }
    guard let file, let start, file.hasTable, !isOverwritten else { return .unprepared }
    do throws(StoreReadError) {
      file.connection.busyDeadline = Deadline(milliseconds: 0)
      guard file.isSafeToRead(at: start.version) else { return .locked }
      guard let pass = try read(file, start, into: &batch, limit: max(limit, 1)) else {
        return .unprepared
      }
      return .read(pass, checkAfterPass(file, start.version))
    } catch {
      batch.removeAll()
      return error.isTransient ? .locked : .unprepared
    }
  }

  private func checkAfterPass(_ file: StoreFile, _ version: StoreFile.FileVersion) -> Check {
    guard end != nil, file.isSame(as: version) else { return .changed }
    return hadWriter ? .writing : isAttached ? .walOpen : .idle
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
        let start = try passStart(file)
        let version = start?.version
        if firstVersion == nil { firstVersion = version }
        let canRead =
          file.isSafeToRead(at: version)
          || isLastTry && version == firstVersion && file.isReadable(at: version)
        if canRead, let start {
          if try load(file, start.version),
            let pass = try read(file, start, into: &batch, limit: limit)
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
    if let file, let status = file.status(),
      versionAtFailure == nil || versionAtFailure == (try? file.version(status))
    {
      return file
    }
    file = nil
    versionAtFailure = nil
    let opened = try StoreFile(path: path)
    file = opened
    return opened
  }

  private func passStart(_ file: StoreFile) throws(StoreReadError) -> PassStart? {
    guard let status = file.status(), let version = try file.version(status) else { return nil }
    return PassStart(status: status, version: version)
  }

  /// Loads the table of the file, unless it is loaded.
  ///
  /// - Returns: `false` if a writer changed the schema in the meantime.
  private func load(
    _ file: StoreFile, _ version: StoreFile.FileVersion
  ) throws(StoreReadError) -> Bool {
    if file.hasTable { return true }
    do throws(StoreReadError) {
      if try file.loadTable(payloadLimit: payloadLimit, at: version) { return true }
    } catch {
      if file.confirms(version) { throw error }
    }
    self.file = nil
    return false
  }

  /// - Returns: `nil` if a writer changed the file or its schema in the meantime.
  private func read(
    _ file: StoreFile, _ start: PassStart, into batch: inout EvidenceBatch, limit: Int
  ) throws(StoreReadError) -> Pass? {
    batch.removeAll()
    guard !file.hasStaleCache(at: start.version) else {
      self.file = nil
      return nil
    }
    try detectOverwriting(of: file)
    let read: Result<SnapshotRead?, StoreReadError>
    do throws(StoreReadError) {
      read = .success(
        try SnapshotRead(
          file, at: start.version, after: position, isOverwritten: isOverwritten, limit: limit,
          into: &batch))
    } catch {
      read = .failure(error)
    }
    longestTransaction = max(
      longestTransaction, .nanoseconds(file.connection.longestSnapshot))
    // Asked before the version is confirmed: a writer that begins later has committed nothing yet.
    hadWriter = file.hasWriter
    guard file.confirms(start.version) else {
      // SQLite's cache may hold half of the old content and half of the new.
      self.file = nil
      return nil
    }
    guard let read = try read.get() else {
      file.forgetTable()
      return nil
    }
    return finish(read, of: file, start, batch)
  }

  /// Throws if the database was overwritten in place, which keeps its inode and its WAL.
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

  /// Moves the tail past the rows of the batch.
  private func finish(
    _ read: SnapshotRead, of file: StoreFile, _ start: PassStart, _ batch: EvidenceBatch
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
      sizeBytes: start.status.sizeBytes)
    end = pass.reachedEnd ? (start.version, readClock(CLOCK_MONOTONIC_COARSE)) : nil
    return pass
  }
}

/// The state of the files when a pass starts. The pass reads this state, or a newer one.
private struct PassStart {
  var status: StoreFile.Status
  var version: StoreFile.FileVersion
}
