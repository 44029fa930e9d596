/// When a failed attempt is repeated: waits that double and are drawn at random below that ("full
/// jitter"), and a budget that many failures use up, so that retries don't double the load of a
/// service that is down.
///
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode.
public struct RetryPolicy: Sendable {
  /// How often an evaluation is tried in all.
  public var attempts = 3
  /// The longest first wait.
  public var base: Duration = .milliseconds(50)
  /// The longest first wait after 429.
  public var throttledBase: Duration = .seconds(1)
  /// The longest wait that is drawn.
  public var longest: Duration = .seconds(20)

  /// Three attempts, after waits of up to 50 ms and 100 ms, or 1 s and 2 s after 429.
  public init() {}

  /// The wait before the attempt that follows `attempt`, counted from 1.
  ///
  /// - Parameter random: from 0 to 1.
  func wait(after attempt: Int, isThrottled: Bool, random: Double) -> Duration {
    let base = isThrottled ? throttledBase : base
    let ceiling = min(base * (1 << min(attempt - 1, 30)), longest)
    return ceiling * random
  }
}

/// What retries of one client may cost all together; successes fill it again.
struct RetryBudget: Sendable {
  private static let capacity = 500
  private static let costOfRetry = 14
  private static let costWhenThrottled = 5

  private(set) var left = capacity

  /// - Returns: what was taken, or `nil` where not enough is left.
  mutating func takeRetry(isThrottled: Bool) -> Int? {
    let cost = isThrottled ? Self.costWhenThrottled : Self.costOfRetry
    guard left >= cost else { return nil }
    left -= cost
    return cost
  }

  /// An evaluation has worked: gives back what its last retry took, or one where it took none.
  mutating func succeed(returning cost: Int?) {
    left = min(left + (cost ?? 1), Self.capacity)
  }
}
