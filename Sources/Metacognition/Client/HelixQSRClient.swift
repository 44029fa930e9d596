public import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import Synchronization

/// Asks the Helix QSR service for quality scores.
///
/// Each evaluation is one `POST` of `{"agent": NAME, "output": JSON}`. The client retries after
/// 429, 502, 503, 504 and failed connections, and always ends within its deadline. All attempts
/// carry the same `Idempotency-Key`. It follows no redirects, because they would carry the key
/// along.
///
/// The client logs nothing and passes on no logger, so no log level shows a request.
public final class HelixQSRClient: QualityScorer {
  let endpoint: HelixEndpoint
  let deadline: Duration
  private let retries: RetryPolicy
  let httpClient: HTTPClient
  let time: WriterTime
  private let random: @Sendable () -> Double
  private let budget = Mutex(RetryBudget())

  /// - Parameters:
  ///   - endpoint: the URL and the key of the service.
  ///   - deadline: the most time for an evaluation, including all waits and attempts.
  ///   - retries: when to repeat a failed attempt.
  ///   - httpClient: a client of your own, for example with another certificate authority. It
  ///     should not follow redirects. By default, all clients share one that lives as long as the
  ///     process.
  public convenience init(
    _ endpoint: HelixEndpoint, deadline: Duration = .seconds(10), retries: RetryPolicy = .init(),
    httpClient: HTTPClient? = nil
  ) {
    self.init(
      endpoint, deadline: deadline, retries: retries, httpClient: httpClient ?? .forQSR,
      time: .system, random: { .random(in: 0...1) })
  }

  init(
    _ endpoint: HelixEndpoint, deadline: Duration, retries: RetryPolicy, httpClient: HTTPClient,
    time: WriterTime, random: @escaping @Sendable () -> Double
  ) {
    self.endpoint = endpoint
    self.deadline = deadline
    self.retries = retries
    self.httpClient = httpClient
    self.time = time
    self.random = random
  }

  /// Asks the service to score one output.
  ///
  /// - Throws: ``HelixQSRError``
  public func evaluate(
    _ output: any Encodable & Sendable, of agent: String, run: RunID = RunID()
  ) async throws(HelixQSRError) -> QualityEvaluation {
    let body = try encode(output, agent)
    let result: Result<QualityEvaluation, HelixQSRError>?
    do {
      result = try await time.within(deadline) { [self] in await attempts(body, run) }
    } catch {
      throw .cancelled(url: endpoint.shownURL)
    }
    guard let result else { throw .timedOut(url: endpoint.shownURL, after: deadline) }
    return try result.get()
  }

  private struct Body: Encodable {
    var agent: String
    var output: any Encodable

    enum CodingKeys: CodingKey { case agent, output }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(agent, forKey: .agent)
      try container.encode(output, forKey: .output)
    }
  }

  private func encode(
    _ output: any Encodable, _ agent: String
  ) throws(HelixQSRError) -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Body(agent: agent, output: output)) else {
      throw .unencodableOutput(type: String(describing: type(of: output)))
    }
    return ByteBuffer(bytes: data)
  }

  /// Tries until there is a score, a permanent error, or no time for another attempt.
  private func attempts(
    _ body: ByteBuffer, _ run: RunID
  ) async -> Result<QualityEvaluation, HelixQSRError> {
    let end = time.elapsed() + deadline
    var attempt = 1
    var cost: Int?
    while true {
      do throws(HelixQSRError) {
        let evaluation = try await self.attempt(body, run, until: end - time.elapsed())
        budget.withLock { $0.succeed(returning: cost) }
        return .success(evaluation)
      } catch {
        guard error.isPassing, attempt < retries.attempts else { return .failure(error) }
        let wait = wait(after: attempt, error)
        // An attempt after the deadline is useless, so don't wait for it.
        guard time.elapsed() + wait < end, let taken = takeRetry(error) else {
          return .failure(error)
        }
        cost = taken
        attempt += 1
        guard (try? await time.sleep(wait)) != nil else {
          return .failure(.cancelled(url: endpoint.shownURL))
        }
      }
    }
  }

  private func wait(after attempt: Int, _ error: HelixQSRError) -> Duration {
    guard case .throttled(_, let status, let asked) = error else {
      return retries.wait(after: attempt, isThrottled: false, random: random())
    }
    let isThrottled = status == 429 && asked == nil
    let wait = retries.wait(after: attempt, isThrottled: isThrottled, random: random())
    return (asked ?? .zero) + wait
  }

  private func takeRetry(_ error: HelixQSRError) -> Int? {
    var isThrottled = false
    if case .throttled = error { isThrottled = true }
    return budget.withLock { $0.takeRetry(isThrottled: isThrottled) }
  }
}
