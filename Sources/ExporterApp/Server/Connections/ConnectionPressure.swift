/// Counts the effects of too many connections. It reports them at once and then once a minute, so
/// that a client that opens many connections cannot flood the log.
struct ConnectionPressure {
  struct Report: Equatable {
    /// Connections closed while they waited for a request.
    var closed = 0
    /// Connections answered with 503, or closed before they could ask.
    var refused = 0
  }

  static let interval: Duration = .seconds(60)

  private var unreported = Report()
  private var lastReport: ContinuousClock.Instant?

  /// - Returns: the counts since the last report; `nil` if that was less than a minute ago.
  mutating func note(
    closed: Int = 0, refused: Int = 0, at now: ContinuousClock.Instant
  ) -> Report? {
    unreported.closed += closed
    unreported.refused += refused
    if let lastReport, lastReport.duration(to: now) < Self.interval { return nil }
    lastReport = now
    defer { unreported = Report() }
    return unreported
  }
}
