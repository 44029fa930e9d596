import LinuxSystem

/// Reads a database without a WAL and without locks, beside writers that never pause.
final class CommittedReader {
  /// How long to look for a moment between two transactions. Such a moment may last microseconds, so
  /// the reader does not sleep meanwhile.
  private static let search: Int64 = 2

  let file: StoreFile
  private let unlocked: UnlockedFile
  /// A writer in its transaction: the version that it began with, and how long to wait for it.
  private var busy: (since: Deadline, version: StoreFile.FileVersion)?

  /// Returns `nil` if the file is to be read with a WAL.
  init?(_ file: StoreFile) {
    guard let unlocked = file.unlocked else { return nil }
    self.file = file
    self.unlocked = unlocked
  }

  /// The schema cookie in the header of the file.
  var schemaCookie: UInt32 { unlocked.version().schemaCookie }

  /// Runs `body` in a snapshot.
  ///
  /// - Returns: `nil` if writers may have changed what it read.
  /// - Throws: what `body` throws, unless a write explains it.
  func read<Result>(
    milliseconds: Int64 = 50, _ body: () throws(StoreReadError) -> Result
  ) throws(StoreReadError) -> Result? {
    guard let version = try file.version() else { return nil }
    // A page from the cache would not be recorded.
    file.connection.releaseCache()
    unlocked.recordReads()
    do throws(StoreReadError) {
      let result = try file.connection.withSnapshot(milliseconds: milliseconds, body)
      return try wereReadsCommitted() ? result : nil
    } catch {
      guard try wereReadsCommitted(), file.confirms(version) else { return nil }
      throw error
    }
  }

  private func wereReadsCommitted() throws(StoreReadError) -> Bool {
    let isMoment = try isMomentWithoutWriter()
    return unlocked.endRecording() && isMoment
  }

  /// Whether no writer is changing the file now. A writer that has been in its transaction for long,
  /// and has not written to the file, does no harm.
  private func isMomentWithoutWriter() throws(StoreReadError) -> Bool {
    let end = Deadline(milliseconds: Self.search)
    repeat {
      if file.isSafeToRead {
        busy = nil
        return true
      }
    } while !end.hasPassed
    guard let version = try file.version() else { return false }
    guard let busy, busy.version == version else {
      busy = (Deadline(milliseconds: 50), version)
      return false
    }
    return busy.since.hasPassed && file.isReadable
  }
}
