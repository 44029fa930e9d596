import Synchronization
import Testing

@testable import Metacognition

struct MetacognitiveAgentTests {
  struct Refused: Error, Equatable { var reason: String }

  private let log = LogRecorder()

  /// Runs `body` in a scope, and returns the payloads that are there at its end.
  private func payloads(
    scorer: any QualityScorer = FixedScorer(evaluation: QualityEvaluation(score: 0.8)),
    options: MetacognitionOptions = .init(), _ body: (MetacognitionScope) async throws -> Void
  ) async throws -> [JSONValue] {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    try await withMetacognition(
      scorer: scorer, recorder: recorder, options: options, logger: log.logger, body)
    return try file.payloads()
  }

  @Test(arguments: [ScoringTime.background, .awaited(upTo: .seconds(20))])
  func aRunIsScoredAndRecordedAndItsResultHandedOn(scoring: ScoringTime) async throws {
    let evaluation = QualityEvaluation(score: 0.8, consistency: 0.9, detail: ["why": "good"])
    let payloads = try await payloads(scorer: FixedScorer(evaluation: evaluation)) { scope in
      let agent = MetacognitiveAgent("Doubler", in: scope, scoring: scoring) { (n: Int) in 2 * n }
      // No `try`: an agent that cannot fail still cannot.
      #expect(await agent.run(21) == 42)
    }
    #expect(payloads.count == 1)
    let payload = try #require(payloads.first)
    #expect(payload["agent"] == "Doubler")
    #expect(payload["output_quality"] == 0.8)
    #expect(payload["detail"] == ["why": "good", "consistency": 0.9])
  }

  @Test func theTypeOfTheErrorIsTheAgentsOwn() async throws {
    let payloads = try await payloads { scope in
      let agent = MetacognitiveAgent("Refuser", in: scope) {
        (reason: String) throws(Refused) -> Int in
        throw Refused(reason: reason)
      }
      do throws(Refused) {
        _ = try await agent.run("secret")
      } catch {
        #expect(error == Refused(reason: "secret"))
      }
    }
    #expect(payloads.map(\.unscoredReason) == ["the agent failed with Refused"])
    #expect(payloads.first?["output_quality"] == nil)
    #expect(!log.text.contains("secret"))
  }

  @Test func anyAgentOfItsKindStandsInItsPlace() async throws {
    let payloads = try await payloads { scope in
      let base = ClosureAgent("Upper") { (text: String) in text.uppercased() }
      let agents: [any Agent<String, String, Never>] = [base, MetacognitiveAgent(base, in: scope)]
      for agent in agents { #expect(await agent.run("a") == "A") }
    }
    #expect(payloads.count == 1)
  }

  @Test func aScorerThatIsAwayCostsNothingButTheScore() async throws {
    let payloads = try await payloads(scorer: FixedScorer()) { scope in
      let agent = MetacognitiveAgent("a", in: scope) { (n: Int) in n }
      for number in 0..<3 { #expect(await agent.run(number) == number) }
    }
    #expect(
      payloads.map(\.unscoredReason) == Array(repeating: "scoring failed with Away", count: 3))
    #expect(log.lines.filter { $0.contains("run unscored") }.count == 3)
  }

  @Test(arguments: [(0.59, 1), (0.6, 0), (0.9, 0)])
  func onlyALowScoreAdapts(score: Double, times: Int) async throws {
    let adapted = Mutex<[Double]>([])
    let evaluation = QualityEvaluation(score: score)
    _ = try await payloads(scorer: FixedScorer(evaluation: evaluation)) { scope in
      let agent = MetacognitiveAgent(
        "a", in: scope,
        adapt: { evaluation in
          adapted.withLock { $0.append(evaluation.score) }
          throw Refused(reason: "no way")
        }, body: { (n: Int) in n })
      #expect(await agent.run(1) == 1)
    }
    #expect(adapted.withLock { $0 } == Array(repeating: score, count: times))
    #expect(log.lines.filter { $0.contains("did not adapt agent=a error=Refused") }.count == times)
  }

  @Test func cancellationReachesTheAgentAndComesBack() async throws {
    let payloads = try await payloads { scope in
      let agent = MetacognitiveAgent("Sleeper", in: scope) { (n: Int) throws -> Int in
        try await Task.sleep(for: .seconds(600))
        return n
      }
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          await #expect(throws: CancellationError.self) { try await agent.run(1) }
        }
        group.cancelAll()
      }
    }
    #expect(payloads.map(\.unscoredReason) == ["the agent was cancelled"])
  }

  @Test func inTheBackgroundAHangingServiceAddsNothing() async throws {
    let server = try await FaultServer.start { _, _ in .hang }
    var options = MetacognitionOptions()
    options.flushLimit = .milliseconds(500)
    let client = HelixQSRClient(try HelixEndpoint(url: server.url), deadline: .seconds(60))
    var added: [Duration] = []
    let payloads = try await payloads(scorer: client, options: options) { scope in
      let ended = Mutex(ContinuousClock.now)
      let agent = MetacognitiveAgent("a", in: scope) { (n: Int) in
        ended.withLock { $0 = .now }
        return n
      }
      for number in 0..<400 {
        _ = await agent.run(number)
        added.append(ended.withLock { $0 }.duration(to: .now))
      }
    }
    added.sort()
    // One in twenty is left to whatever else runs on the machine.
    #expect(added[379] < .milliseconds(5), "\(added[200]), \(added[379]), \(added[399])")
    #expect(payloads.count == 400)
    #expect(payloads.allSatisfy { $0.unscoredReason != nil })
    try await server.stop()
  }

  @Test func awaitedScoringEndsAtItsDeadline() async throws {
    let server = try await FaultServer.start { _, _ in .hang }
    let client = HelixQSRClient(try HelixEndpoint(url: server.url), deadline: .seconds(60))
    let payloads = try await payloads(scorer: client) { scope in
      let agent = MetacognitiveAgent(
        "a", in: scope, scoring: .awaited(upTo: .seconds(1))
      ) { (n: Int) in n }
      let start = ContinuousClock.now
      #expect(await agent.run(1) == 1)
      #expect((.seconds(1)..<Duration.seconds(6)).contains(start.duration(to: .now)))
    }
    #expect(payloads.map(\.unscoredReason) == ["it was not scored in time"])
    try await server.stop()
  }

  @Test func theEndOfTheScopeWaitsForWhatIsPending() async throws {
    let server = try await FaultServer.start { _, _ in .score(0.7) }
    let client = HelixQSRClient(try HelixEndpoint(url: server.url))
    var options = MetacognitionOptions()
    options.flushLimit = .seconds(50)
    let payloads = try await payloads(scorer: client, options: options) { scope in
      let agent = MetacognitiveAgent("a", in: scope) { (n: Int) in n }
      for number in 0..<200 { _ = await agent.run(number) }
    }
    #expect(
      payloads.compactMap { $0["output_quality"]?.double } == Array(repeating: 0.7, count: 200))
    try await server.stop()
  }

  @Test func aCancelledScopeRecordsWhatIsPendingWithoutScores() async throws {
    let server = try await FaultServer.start { _, _ in .hang }
    let client = HelixQSRClient(try HelixEndpoint(url: server.url), deadline: .seconds(60))
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [log] in
        await withMetacognition(scorer: client, recorder: recorder, logger: log.logger) { scope in
          let agent = MetacognitiveAgent("a", in: scope) { (n: Int) in n }
          for number in 0..<40 { _ = await agent.run(number) }
          try? await Task.sleep(for: .seconds(600))
          _ = await agent.run(40)
        }
      }
      for _ in 0..<4000 where server.requests.count < 16 {
        try? await Task.sleep(for: .milliseconds(5))
      }
      #expect(server.requests.count == 16)
      group.cancelAll()
    }
    #expect(start.duration(to: .now) < .seconds(20))
    #expect(try file.payloads().filter { $0.unscoredReason != nil }.count == 41)
    try await server.stop()
  }

  @Test func anAgentThatOutlivesItsScopeIsRecordedWithoutScores() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let scorer = FixedScorer(evaluation: QualityEvaluation(score: 0.8))
    let agent = await withMetacognition(scorer: scorer, recorder: recorder, logger: log.logger) {
      MetacognitiveAgent("a", in: $0, scoring: .awaited(upTo: .seconds(20))) { (n: Int) in n }
    }
    #expect(await agent.run(1) == 1)
    await recorder.flush(within: .seconds(20))
    #expect(try file.payloads().map(\.unscoredReason) == ["the scope that scores it has ended"])
  }

  @Test func runsBeyondTheCapacityAreRecordedWithoutScores() async throws {
    var options = MetacognitionOptions()
    options.capacity = 0
    let payloads = try await payloads(options: options) { scope in
      let agent = MetacognitiveAgent("a", in: scope) { (n: Int) in n }
      _ = await agent.run(1)
    }
    #expect(payloads.map(\.unscoredReason) == ["0 other runs wait to be scored"])
  }

  @Test func theScopeReturnsAndThrowsWhatItsBodyDoes() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let value = await withMetacognition(
      scorer: FixedScorer(), recorder: recorder, logger: log.logger
    ) { _ in 7 }
    #expect(value == 7)
    do throws(Refused) {
      try await withMetacognition(
        scorer: FixedScorer(), recorder: recorder, logger: log.logger
      ) { _ throws(Refused) in throw Refused(reason: "body") }
    } catch {
      #expect(error.reason == "body")
    }
  }
}
