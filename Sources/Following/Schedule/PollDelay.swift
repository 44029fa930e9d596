import EvidenceStore

/// Decides when to look at a table again. A table has no events that would tell.
struct PollDelay: Sendable {
  /// The first wait after a failure, and the longest.
  private static let failedWaits = (first: Duration.seconds(1), longest: Duration.seconds(30))

  private let interval: Duration
  private var failedWait = failedWaits.first

  init(interval: Duration) { self.interval = interval }

  /// - Parameter jitter: from 0 to 1. It keeps several exporters from polling at the same moment.
  mutating func next(after turn: FollowedStore.Turn, jitter: () -> Double) -> Duration {
    switch turn {
    case .more:
      failedWait = Self.failedWaits.first
      return .zero
    // A statement that waited for a lock was cancelled, but the connection is still open.
    case .failed(.locked): return max(interval, .milliseconds(250))
    case .failed:
      defer { failedWait = min(failedWait * 2, Self.failedWaits.longest) }
      return failedWait * (0.75 + jitter() / 2)
    case .idle, .walOpen, .unchanged, .readToEnd:
      failedWait = Self.failedWaits.first
      return interval
    }
  }
}
