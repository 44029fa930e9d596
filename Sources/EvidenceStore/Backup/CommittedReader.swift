import LinuxSystem

/// Reads a database without a WAL and without locks, beside writers that never pause.
final class CommittedReader {
  /// How many milliseconds to search for a moment between two transactions without a sleep. Such a
  /// moment may last only microseconds.
  private static let search: Int64 = 2
  /// How many milliseconds a writer has to be in a transaction before ``StoreFile/isReadable``
  /// counts.
  private static let longTransaction: Int64 = 50
  private static let patience: Int64 = 1000

  let file: StoreFile
  private let unlocked: UnlockedFile

  /// Creates a reader; `nil` if the file has to be read with a WAL.
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
  /// - Throws: the error of `body`, unless a write explains it.
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
    let hadMoment = try waitForMomentWithoutTransaction()
    return unlocked.endRecording() && hadMoment
  }

  /// Waits for a moment at which no transaction has changed the file. A long read stays valid while
  /// this waits, and to repeat it would take longer.
  ///
  /// A writer that has been in its transaction for long without writing to the file does no harm.
  private func waitForMomentWithoutTransaction() throws(StoreReadError) -> Bool {
    let counter = unlocked.changeCounter
    let version = try file.version()
    let endOfSearch = Deadline(milliseconds: Self.search)
    let long = Deadline(milliseconds: Self.longTransaction)
    let end = Deadline(milliseconds: Self.patience)
    var step = Deadline.firstPause
    repeat {
      if file.isSafeToRead || wasCommitted(since: counter) { return true }
      if long.hasPassed, try version == file.version(),
        SystemLocks.onlyAsked({ file.isReadable })
      {
        return true
      }
      if endOfSearch.hasPassed { Deadline.pause(&step) }
    } while !end.hasPassed
    return false
  }

  /// Whether a transaction has ended since the change counter was `earlier`.
  ///
  /// Each transaction raises the counter by one. The first step may come from a transaction in
  /// progress, but that one has ended before another can take the second step.
  private func wasCommitted(since earlier: UInt32?) -> Bool {
    guard let earlier, let counter = unlocked.changeCounter else { return false }
    return Int32(bitPattern: counter &- earlier) >= 2
  }
}
