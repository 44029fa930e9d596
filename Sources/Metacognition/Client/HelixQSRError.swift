/// The reason why an evaluation failed.
///
/// The description names the URL and the problem. It never contains the key, or anything of the
/// answer but its status.
public enum HelixQSRError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no URL: `HELIX_QSR_URL` is not set or empty.
  case missingURL
  /// The URL cannot be used. It is not shown, because it may be a key in the wrong variable.
  case invalidURL(problem: String)
  /// The key cannot be used.
  case invalidKey(problem: String)
  /// The output cannot be written as JSON, for example because a number in it is not finite.
  case unencodableOutput(type: String)
  /// There is no connection, or it ended before the answer did.
  case unreachable(url: String, reason: String)
  /// TLS failed, or the certificate is not trusted.
  case insecure(url: String, reason: String)
  /// There was no answer within the deadline.
  case timedOut(url: String, after: Duration)
  /// The service is busy: 429, or another status with a `Retry-After`.
  case throttled(url: String, status: Int, retryAfter: Duration?)
  /// The service failed: 500 or above.
  case unavailable(url: String, status: Int)
  /// The service refused the request, for example with 401 for a wrong key.
  case refused(url: String, status: Int)
  /// The answer has no usable quality score.
  case invalidAnswer(url: String, problem: String)
  /// The task was cancelled.
  case cancelled(url: String)

  /// A description in one line.
  public var description: String {
    switch self {
    case .missingURL:
      "HELIX_QSR_URL is not set; it is the URL of the QSR service, such as "
        + "https://helix.example.com/api/qsr"
    case .invalidURL(let problem): "HELIX_QSR_URL cannot be used: \(problem)"
    case .invalidKey(let problem): "HELIX_API_KEY cannot be used: \(problem)"
    case .unencodableOutput(let type): "the output, of type \(type), cannot be written as JSON"
    case .unreachable(let url, let reason): "\(url) cannot be reached: \(reason)"
    case .insecure(let url, let reason): "\(url) cannot be trusted: \(reason)"
    case .timedOut(let url, let limit): "\(url) has not answered within \(limit)"
    case .throttled(let url, let status, let wait):
      "\(url) answered \(status), too many requests"
        + (wait.map { "; it asks to wait for \($0)" } ?? "")
    case .unavailable(let url, let status): "\(url) answered \(status), a failure of the service"
    case .refused(let url, let status):
      "\(url) answered \(status)"
        + (status == 401 || status == 403 ? "; look at HELIX_API_KEY" : "")
    case .invalidAnswer(let url, let problem): "\(url) gave no usable answer: \(problem)"
    case .cancelled(let url): "the evaluation at \(url) was cancelled"
    }
  }

  /// Whether another attempt may succeed.
  var isPassing: Bool {
    switch self {
    case .unreachable: true
    case .throttled(_, let status, _), .unavailable(_, let status):
      [429, 502, 503, 504].contains(status)
    default: false
    }
  }
}
