/// The progress of comparing the index of one store with its database.
struct IndexUpkeep: Sendable {
  /// A whole index is compared within this time, so that a deletion is noticed within an hour.
  private static let cycle: Duration = .seconds(3000)
  /// The longest pause between two pieces, which a small index has.
  private static let longestPause: Duration = .seconds(30)
  /// The most pieces to compare in one turn.
  static let piecesPerTurn = 8
  /// The pause after a file could not be written.
  private static let retryPause: Duration = .seconds(60)

  /// Whether rows may have been deleted since the current comparison began.
  private var hasChanged = false
  private var isComparing = false
  /// The last id that was compared.
  private var position: Int64?
  private var nextPiece: ContinuousClock.Instant?
  private var retryAt: ContinuousClock.Instant?

  /// Records a pass over the database, which means that somebody wrote to it.
  mutating func noteChange() { hasChanged = true }

  /// Whether it is time to compare another piece.
  mutating func isPieceDue(at now: ContinuousClock.Instant) -> Bool {
    if !isComparing, hasChanged { (isComparing, hasChanged, position) = (true, false, nil) }
    guard isComparing else { return false }
    return nextPiece.map { $0 <= now } ?? true
  }

  /// The id after which the next piece begins.
  var start: Int64? { position }

  /// - Parameters:
  ///   - end: the last id of the compared piece; `nil` if there was no more.
  ///   - pieces: the number of pieces of the whole index.
  mutating func notePiece(through end: Int64?, pieces: Int, at now: ContinuousClock.Instant) {
    position = end
    if end == nil { isComparing = false }
    let pause = min(Self.longestPause, Self.cycle / max(pieces, 1))
    // Late pieces are made up for, but only a few at a time.
    let planned = max(nextPiece ?? now, now.advanced(by: pause * -Self.piecesPerTurn))
    nextPiece = planned.advanced(by: pause)
  }

  /// Whether to write a file again after a failure. The first call only starts the pause.
  mutating func shallRetry(at now: ContinuousClock.Instant) -> Bool {
    guard let due = retryAt else {
      retryAt = now.advanced(by: Self.retryPause)
      return false
    }
    guard due <= now else { return false }
    retryAt = nil
    return true
  }

  /// Whether the failure has been seen before.
  var knowsFailure: Bool { retryAt != nil }
}
