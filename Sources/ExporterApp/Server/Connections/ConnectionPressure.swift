/// What came of too many connections, told at once and then once a minute: whoever opens them
/// would else write the log.
struct ConnectionPressure {
  struct News: Equatable {
    /// Connections closed while they waited for a request.
    var closed = 0
    /// Connections answered 503, or closed before they could ask.
    var refused = 0
  }

  static let interval: Duration = .seconds(60)

  private var untold = News()
  private var lastTold: ContinuousClock.Instant?

  /// - Returns: what has not been told yet; `nil` while the last time is too short ago.
  mutating func note(
    closed: Int = 0, refused: Int = 0, at now: ContinuousClock.Instant
  ) -> News? {
    untold.closed += closed
    untold.refused += refused
    if let lastTold, lastTold.duration(to: now) < Self.interval { return nil }
    lastTold = now
    defer { untold = News() }
    return untold
  }
}
