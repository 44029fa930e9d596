/// Decides when to repeat a failed attempt. Waits are random below a limit that doubles ("full
/// jitter"). A budget stops retries after many failures, so that they don't multiply the load of a
/// service that is down.
///
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode.
public struct RetryPolicy: Sendable {
  /// The number of attempts, including the first.
  public var attempts = 3
  /// The upper limit of the first wait.
  public var base: Duration = .milliseconds(50)
  /// The upper limit of the first wait after 429.
  public var throttledBase: Duration = .seconds(1)
  /// The upper limit of any wait.
  public var longest: Duration = .seconds(20)

  /// Creates the default policy: three attempts, after waits of up to 50 ms and 100 ms, or of up to
  /// 1 s and 2 s after 429.
  public init() {}

  /// The wait before the attempt that follows `attempt`, counted from 1.
  ///
  /// - Parameter random: a random number from 0 to 1.
  func wait(after attempt: Int, isThrottled: Bool, random: Double) -> Duration {
    let base = isThrottled ? throttledBase : base
    let ceiling = min(base * (1 << min(attempt - 1, 30)), longest)
    return ceiling * random
  }
}

/// The budget that all retries of one client share. Successes refill it.
struct RetryBudget: Sendable {
  private static let capacity = 500
  private static let costOfRetry = 14
  private static let costWhenThrottled = 5

  private(set) var left = capacity

  /// - Returns: the cost, or `nil` if not enough is left.
  mutating func takeRetry(isThrottled: Bool) -> Int? {
    let cost = isThrottled ? Self.costWhenThrottled : Self.costOfRetry
    guard left >= cost else { return nil }
    left -= cost
    return cost
  }

  /// Records a success, which refunds the cost of its last retry, or 1 if it needed none.
  mutating func succeed(returning cost: Int?) {
    left = min(left + (cost ?? 1), Self.capacity)
  }
}
