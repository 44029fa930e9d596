import ConfigurationFiles
import Following
import Hummingbird
import Synchronization

/// Answers 429 to requests over the limit of the web configuration, if it has one. Probes do not
/// count towards it.
struct RateLimitMiddleware: RouterMiddleware {
  let table: RouteTable
  let limit: @Sendable () -> WebConfiguration.RateLimit?
  let time: TimeSource
  private let bucket = RateLimiter()

  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Response
  ) async throws -> Response {
    if let limit = limit(), !table.isForProbes(request), !bucket.take(limit, at: time.monotonic()) {
      return table.refusal(of: request, .tooManyRequests, "over the rate limit")
    }
    return try await next(request, context)
  }
}

/// The bucket of the limit in force.
private final class RateLimiter: Sendable {
  private let bucket = Mutex<TokenBucket?>(nil)

  func take(_ limit: WebConfiguration.RateLimit, at now: ContinuousClock.Instant) -> Bool {
    bucket.withLock { bucket in
      var current = bucket.flatMap { $0.limit == limit ? $0 : nil } ?? TokenBucket(limit, at: now)
      defer { bucket = current }
      return current.take(at: now)
    }
  }
}
