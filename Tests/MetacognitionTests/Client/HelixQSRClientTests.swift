import Logging
import Synchronization
import Testing

@testable import Metacognition

struct HelixQSRClientTests {
  private func client(
    _ server: FaultServer, key: String? = nil, deadline: Duration = .seconds(20)
  ) throws -> HelixQSRClient {
    try client(server.url, key: key, deadline: deadline)
  }

  private func client(
    _ url: String, key: String? = nil, deadline: Duration = .seconds(20)
  ) throws -> HelixQSRClient {
    HelixQSRClient(
      try HelixEndpoint(url: url, key: key.map { try HelixAPIKey($0) }), deadline: deadline)
  }

  /// The error of one evaluation.
  private func failure(
    _ answer: FaultServer.Answer, deadline: Duration = .seconds(20)
  ) async throws -> (error: HelixQSRError?, requests: Int) {
    let server = try await FaultServer.start { _, _ in answer }
    let client = try client(server, deadline: deadline)
    let error = await #expect(throws: HelixQSRError.self) {
      try await client.evaluate("text", of: "agent")
    }
    try await server.stop()
    return (error, server.requests.count)
  }

  @Test func anEvaluationIsOnePostWithNameOutputKeyAndIdempotencyKey() async throws {
    let server = try await FaultServer.start { _, _ in
      .status(
        200,
        body: #"{"quality_score": 0.78, "consistency": 0.97, "confidence": 2, "why": ["a", 1]}"#)
    }
    let run = RunID()
    let evaluation = try await client(server, key: "secret-key-1")
      .evaluate(["words": [1.5, 2]], of: "Summarizer", run: run)
    #expect(evaluation.score == 0.78)
    #expect(evaluation.consistency == 0.97)
    // It is no score, so it stays among the details.
    #expect(evaluation.confidence == nil)
    #expect(evaluation.detail == ["confidence": 2, "why": ["a", 1]])
    let request = try #require(server.requests.first)
    #expect(request.head.hasPrefix("POST /api/qsr HTTP/1.1\r\n"))
    #expect(request.body == #"{"agent":"Summarizer","output":{"words":[1.5,2]}}"#)
    #expect(request["authorization"] == "Bearer secret-key-1")
    #expect(request["idempotency-key"] == run.description)
    #expect(request["content-type"] == "application/json")
    try await server.stop()
  }

  @Test func withoutAKeyNoAuthorizationIsSent() async throws {
    let server = try await FaultServer.start { _, _ in .score(1) }
    _ = try await client(server).evaluate("text", of: "agent")
    #expect(server.requests.first?["authorization"] == nil)
    try await server.stop()
  }

  @Test(arguments: [429, 502, 503, 504])
  func aPassingFailureIsTriedAgainWithTheSameIdempotencyKey(status: Int) async throws {
    let server = try await FaultServer.start { _, count in
      count < 2 ? .status(status, headers: ["Retry-After": "0"]) : .score(0.5)
    }
    #expect(try await client(server).evaluate("text", of: "agent").score == 0.5)
    let keys = server.requests.map { $0["idempotency-key"] }
    #expect(keys.count == 3 && Set(keys).count == 1)
    try await server.stop()
  }

  @Test(arguments: [FaultServer.Answer.close, .reset, .bytes("HTTP/1.1 200 OK\r\nContent-Len")])
  func aBrokenConnectionIsTriedThreeTimes(answer: FaultServer.Answer) async throws {
    let (error, requests) = try await failure(answer)
    #expect(error?.kind == "unreachable")
    #expect(requests == 3)
  }

  @Test(arguments: [400, 401, 404, 413, 302, 500, 501])
  func whatWillNotPassIsTriedOnce(status: Int) async throws {
    let (error, requests) = try await failure(
      .status(status, headers: ["Location": "http://127.0.0.1:9/"], body: "no"))
    #expect(requests == 1)
    #expect(try #require(error).description.contains("answered \(status)"))
  }

  @Test(arguments: [
    "", "no", "[]", "null", "0.5", "{}", #"{"quality_score": null}"#,
    #"{"quality_score": "0.5"}"#, #"{"quality_score": true}"#, #"{"quality_score": 1.1}"#,
    #"{"quality_score": -0.1}"#, #"{"quality_score": NaN}"#, #"{"quality_score": 1e999}"#,
    #"{"quality_score": 0.5"#, #"{"quality_score": [0.5]}"#, "<html></html>", "\u{0}",
  ])
  func anAnswerWithoutAUsableScoreIsRefused(body: String) async throws {
    let (error, requests) = try await failure(.status(200, body: body))
    #expect(error?.kind == "invalidAnswer")
    #expect(requests == 1)
  }

  @Test func anAnswerThatIsNoHTTPOrTooLongIsRefused() async throws {
    for answer: FaultServer.Answer in [
      .bytes("\u{1}garbage\r\n\r\n"),
      .status(200, body: String(repeating: " ", count: 70_000) + #"{"quality_score": 1}"#),
    ] {
      let (error, _) = try await failure(answer)
      #expect(error?.kind == "invalidAnswer")
    }
  }

  @Test(arguments: [FaultServer.Answer.hang, .hangAfter(#"{"quality_"#)])
  func nothingWaitsBeyondTheDeadline(answer: FaultServer.Answer) async throws {
    let start = ContinuousClock.now
    let (error, _) = try await failure(answer, deadline: .milliseconds(300))
    #expect(error?.kind == "timedOut")
    #expect(start.duration(to: .now) < .seconds(3))
  }

  @Test func theDeadlineCoversAllAttemptsTogether() async throws {
    let start = ContinuousClock.now
    let server = try await FaultServer.start { _, count in count == 0 ? .close : .hang }
    let client = try client(server, deadline: .milliseconds(400))
    await #expect(throws: HelixQSRError.self) { try await client.evaluate(1, of: "agent") }
    #expect(start.duration(to: .now) < .seconds(3))
    try await server.stop()
  }

  @Test func aRetryAfterIsWaitedFor() async throws {
    let server = try await FaultServer.start { _, count in
      count == 0 ? .status(503, headers: ["Retry-After": "1"]) : .score(0.5)
    }
    let start = ContinuousClock.now
    _ = try await client(server).evaluate("text", of: "agent")
    #expect(start.duration(to: .now) >= .seconds(1))
    try await server.stop()
  }

  @Test(arguments: ["60", "99999999999999999999", "Fri, 31 Dec 2199 23:59:59 GMT"])
  func aRetryAfterBeyondTheDeadlineIsGivenUpAtOnce(value: String) async throws {
    let start = ContinuousClock.now
    let (error, requests) = try await failure(
      .status(429, headers: ["Retry-After": value]), deadline: .seconds(30))
    #expect(start.duration(to: .now) < .seconds(10))
    guard case .throttled(_, 429, let wait?)? = error, wait >= .seconds(60), requests == 1 else {
      Issue.record("\(requests) requests, \(String(describing: error))")
      return
    }
  }

  @Test func aCancelledEvaluationEndsAtOnce() async throws {
    let server = try await FaultServer.start { _, _ in .hang }
    let client = try client(server, deadline: .seconds(60))
    let start = ContinuousClock.now
    let error = await withTaskGroup(of: HelixQSRError?.self) { group in
      group.addTask {
        do throws(HelixQSRError) {
          _ = try await client.evaluate("text", of: "agent")
          return nil
        } catch { return error }
      }
      for _ in 0..<4000 where server.requests.isEmpty {
        try? await Task.sleep(for: .milliseconds(5))
      }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(error == .cancelled(url: server.url))
    #expect(start.duration(to: .now) < .seconds(10))
    try await server.stop()
  }

  @Test func nobodyListeningAndATLSFailureSaySo() async throws {
    let server = try await FaultServer.start { _, _ in .bytes("no TLS here") }
    let secure = try client("https://127.0.0.1:\(server.port)/", deadline: .seconds(5))
    let untrusted = await #expect(throws: HelixQSRError.self) {
      try await secure.evaluate(1, of: "agent")
    }
    #expect(untrusted?.kind == "insecure")
    try await server.stop()
    let refused = try client(server.url)
    let error = await #expect(throws: HelixQSRError.self) {
      try await refused.evaluate(1, of: "agent")
    }
    #expect(error == .unreachable(url: server.url, reason: "Connection refused"))
  }

  @Test func anOutputThatIsNoJSONIsNamedByItsType() async throws {
    let client = try client("http://127.0.0.1:9/")
    let error = await #expect(throws: HelixQSRError.self) {
      try await client.evaluate(Double.nan, of: "agent")
    }
    #expect(error == .unencodableOutput(type: "Double"))
  }

  @Test func aServiceThatIsDownUsesUpTheBudgetAndSuccessesFillIt() async throws {
    let isDown = Mutex(true)
    let server = try await FaultServer.start { _, _ in
      isDown.withLock { $0 } ? .status(503) : .score(0.5)
    }
    let client = HelixQSRClient(
      try HelixEndpoint(url: server.url), deadline: .seconds(20), retries: .init(),
      httpClient: .forQSR, time: .system, random: { 0 })
    // 500 / 14 = 35 retries, by 18 evaluations; later ones are tried once. 10 are left.
    for _ in 0..<20 { _ = try? await client.evaluate(1, of: "agent") }
    #expect(server.requests.count == 20 + 35)
    isDown.withLock { $0 = false }
    for _ in 0..<20 { _ = try await client.evaluate(1, of: "agent") }
    isDown.withLock { $0 = true }
    let before = server.requests.count
    _ = try? await client.evaluate(1, of: "agent")
    #expect(server.requests.count == before + 3)
    try await server.stop()
  }
}

extension HelixQSRError {
  /// The name of the case.
  var kind: String? { Mirror(reflecting: self).children.first?.label ?? "missingURL" }
}
