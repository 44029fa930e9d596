import ConfigurationFiles
import Following
import HTTPTypes
import Hummingbird
import Synchronization

/// Stands before all routes: lets in whom the web configuration lets in, and gives responses the
/// headers that it sets.
struct WebGate: Sendable {
  private let configuration: WebConfigurationService
  private let passwords = PasswordCheck()
  private let bucket = BucketInUse()
  private let time: TimeSource

  init(_ configuration: WebConfigurationService, time: TimeSource) {
    self.configuration = configuration
    self.time = time
  }

  /// - Parameter client: its address.
  /// - Returns: `nil` for a request that is let in.
  func refusal(of request: Request, from client: String) async -> Response? {
    let policy = configuration.policy
    if let limit = policy.rateLimit, !bucket.take(limit, at: time.monotonic()) {
      return .text(.tooManyRequests, "429: over the limit of requests\n")
    }
    guard !policy.users.isEmpty else { return nil }
    guard
      let credentials = request.headers[.authorization]
        .flatMap(BasicCredentials.init(authorization:))
    else { return Self.unauthorized }
    switch await passwords.check(credentials, users: policy.users, client: client) {
    case .accepted: return nil
    case .refused: return Self.unauthorized
    case .tooManyWaiting:
      return .text(
        .tooManyRequests, "429: too many passwords wait to be checked\n",
        headers: [.retryAfter: "1"])
    }
  }

  /// Sets the headers of the configuration, in place of the response's own.
  func complete(_ response: inout Response) {
    for (key, value) in configuration.policy.headers {
      if let name = HTTPField.Name(key.rawValue) { response.headers[name] = value }
    }
  }

  private static var unauthorized: Response {
    .text(
      .unauthorized, "401: a user and the password are needed\n",
      headers: [.wwwAuthenticate: #"Basic realm="reflexive-exporter", charset="UTF-8""#])
  }
}

/// The bucket of the limit that is in force.
private final class BucketInUse: Sendable {
  private let bucket = Mutex<TokenBucket?>(nil)

  func take(_ limit: WebConfiguration.RateLimit, at now: ContinuousClock.Instant) -> Bool {
    bucket.withLock { bucket in
      var current = bucket.flatMap { $0.limit == limit ? $0 : nil } ?? TokenBucket(limit, at: now)
      defer { bucket = current }
      return current.take(at: now)
    }
  }
}
