import AsyncHTTPClient
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension HelixQSRClient {
  /// More than any answer needs, and little enough for a row of evidence to take all of it.
  private static let longestAnswer = 64 << 10

  /// Sends the request once.
  func attempt(
    _ body: ByteBuffer, _ run: RunID, until limit: Duration
  ) async throws(HelixQSRError) -> QualityEvaluation {
    let response: HTTPClientResponse
    let answer: ByteBuffer
    do {
      response = try await httpClient.execute(
        request(body, run), deadline: .now() + .nanoseconds(limit.inNanoseconds))
      answer = try await response.body.collect(upTo: Self.longestAnswer)
    } catch {
      throw failure(error)
    }
    guard (200..<300).contains(response.status.code) else { throw refusal(response) }
    do {
      var evaluation = try QualityEvaluation(answer: Data(answer.readableBytesView))
      if let key = endpoint.key,
        case .object(let detail) = JSONValue.object(evaluation.detail)
          .mappingStrings(key.redacting)
      {
        evaluation.detail = detail
      }
      return evaluation
    } catch {
      throw .invalidAnswer(url: endpoint.shownURL, problem: error.description)
    }
  }

  private func request(_ body: ByteBuffer, _ run: RunID) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: endpoint.url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "Accept", value: "application/json")
    request.headers.add(name: "User-Agent", value: "reflexive-metacognition")
    request.headers.add(name: "Idempotency-Key", value: run.description)
    if let key = endpoint.key {
      request.headers.add(name: "Authorization", value: "Bearer " + key.secret)
    }
    request.body = .bytes(body)
    return request
  }

  private func refusal(_ response: HTTPClientResponse) -> HelixQSRError {
    let (url, status) = (endpoint.shownURL, Int(response.status.code))
    let asked = response.headers["Retry-After"].first
      .flatMap { RetryAfter.wait($0, now: time.wall()) }
    if status == 429 || status >= 500 && asked != nil {
      return .throttled(url: url, status: status, retryAfter: asked)
    }
    return status >= 500
      ? .unavailable(url: url, status: status) : .refused(url: url, status: status)
  }

  /// The error to report. It has only words of this library or the system, because the text of a
  /// foreign error may quote the service.
  private func failure(_ error: any Error) -> HelixQSRError {
    let url = endpoint.shownURL
    switch error {
    case is CancellationError: return .cancelled(url: url)
    case is NIOTooManyBytesError:
      return .invalidAnswer(url: url, problem: "it is longer than \(Self.longestAnswer) bytes")
    case let error as HTTPClientError where error == .cancelled: return .cancelled(url: url)
    case let error as HTTPClientError where error == .deadlineExceeded:
      return .timedOut(url: url, after: deadline)
    case HTTPParserError.invalidEOFState:
      return .unreachable(url: url, reason: "the connection ended before the answer did")
    case is HTTPParserError: return .invalidAnswer(url: url, problem: "it is not HTTP")
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      return .insecure(url: url, reason: "TLS failed, \(type(of: error))")
    case let error as IOError:
      return .unreachable(url: url, reason: String(cString: strerror(error.errnoCode)))
    case is NIOConnectionError:
      return .unreachable(url: url, reason: "its name is not known, or no address answers")
    case let error as HTTPClientError:
      return .unreachable(url: url, reason: error.shortDescription)
    default: return .unreachable(url: url, reason: String(describing: type(of: error)))
    }
  }
}

extension Duration {
  var inNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : whole.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
  }
}

extension HTTPClient {
  /// The client that all ``HelixQSRClient``s share. It lives as long as the process and needs no
  /// shutdown.
  static let forQSR: HTTPClient = {
    var configuration = Configuration(redirectConfiguration: .disallow)
    // ``HelixQSRClient`` retries itself, within a deadline and a budget.
    configuration.connectionPool.retryConnectionEstablishment = false
    // With the default of 8, a few hanging answers would block all others.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()
}
