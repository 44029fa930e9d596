import ConfigurationFiles

/// Lets one request through per interval, and up to `burst` at once if they have been saved up.
struct TokenBucket: Sendable {
  let limit: WebConfiguration.RateLimit
  private var tokens: Double
  private var lastTime: ContinuousClock.Instant

  init(_ limit: WebConfiguration.RateLimit, at now: ContinuousClock.Instant) {
    self.limit = limit
    tokens = Double(limit.burst)
    lastTime = now
  }

  /// Takes a token and returns whether there was one.
  mutating func take(at now: ContinuousClock.Instant) -> Bool {
    let gained = lastTime.duration(to: now) / limit.interval
    tokens = min(Double(limit.burst), tokens + max(0, gained))
    lastTime = max(lastTime, now)
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
