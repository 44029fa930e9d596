/// How far the index of one store has been compared with its database.
struct IndexUpkeep: Sendable {
  /// All of an index is compared within this time, so that a deletion is seen within an hour.
  private static let cycle: Duration = .seconds(3000)
  /// A small index is compared no more often.
  private static let longestPause: Duration = .seconds(30)
  /// Pieces that are compared in one go at the most.
  static let piecesPerTurn = 8
  /// After a file could not be written.
  private static let retryPause: Duration = .seconds(60)

  /// Whether rows may have been deleted since the comparison that is under way began.
  private var hasChanged = false
  private var isComparing = false
  /// The last id that was compared.
  private var position: Int64?
  private var nextPiece: ContinuousClock.Instant?
  private var retryAt: ContinuousClock.Instant?

  /// Takes note of a pass over the database: somebody wrote to it.
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
  ///   - end: the last id of the piece that was compared; `nil` where there was no more.
  ///   - pieces: how many the whole index has.
  mutating func notePiece(through end: Int64?, pieces: Int, at now: ContinuousClock.Instant) {
    position = end
    if end == nil { isComparing = false }
    let pause = min(Self.longestPause, Self.cycle / max(pieces, 1))
    // Pieces that are late are made up for, but not more than a few at a time.
    let planned = max(nextPiece ?? now, now.advanced(by: pause * -Self.piecesPerTurn))
    nextPiece = planned.advanced(by: pause)
  }

  /// Whether a file that could not be written should be tried again; the first time it is not.
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
