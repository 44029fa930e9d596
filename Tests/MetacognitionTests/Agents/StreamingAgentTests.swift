import Synchronization
import Testing

@testable import Metacognition

struct StreamingAgentTests {
  /// Keeps what it is given to score.
  private final class Listener: QualityScorer {
    let outputs = Mutex<[String]>([])

    func evaluate(
      _ output: any Encodable & Sendable, of agent: String, run: RunID
    ) async throws -> QualityEvaluation {
      outputs.withLock { $0.append("\(output)") }
      return QualityEvaluation(score: 0.8)
    }
  }

  private let log = LogRecorder()
  private let words = ["one ", "two ", "three"]

  private func payloads(
    _ scorer: any QualityScorer, _ body: (MetacognitionScope) async throws -> Void
  ) async throws -> [JSONValue] {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    try await withMetacognition(scorer: scorer, recorder: recorder, logger: log.logger, body)
    return try file.payloads()
  }

  @Test(arguments: [ScoringTime.background, .awaited(upTo: .seconds(20))])
  func piecesComeAsTheyAreAndAreScoredAtTheEnd(scoring: ScoringTime) async throws {
    let scorer = Listener()
    let payloads = try await payloads(scorer) { scope in
      let agent = MetacognitiveStreamingAgent(
        WordAgent(name: "Words"), in: scope, scoring: scoring)
      var read: [String] = []
      for try await word in try await agent.run(words) { read.append(word) }
      #expect(read == words)
    }
    #expect(payloads.map { $0["output_quality"] } == [0.8])
    #expect(scorer.outputs.withLock { $0 } == ["one two three"])
  }

  @Test func aFailureInTheMiddleIsTheReadersAndRecorded() async throws {
    let payloads = try await payloads(Listener()) { scope in
      let agent = MetacognitiveStreamingAgent(WordAgent(name: "Words", fails: true), in: scope)
      var read: [String] = []
      await #expect(throws: WordAgent.Broken.self) {
        for try await word in try await agent.run(words) { read.append(word) }
      }
      #expect(read == words)
      do throws(WordAgent.Broken) { _ = try await agent.run([]) } catch {}
    }
    let reason = "the agent failed with Broken"
    #expect(payloads.map(\.unscoredReason) == [reason, reason])
  }

  @Test func aStreamThatIsNotReadToItsEndIsRecorded() async throws {
    let payloads = try await payloads(Listener()) { scope in
      let agent = MetacognitiveStreamingAgent(WordAgent(name: "Words"), in: scope)
      for try await _ in try await agent.run(words) { break }
      _ = try await agent.run(words)
    }
    let reason = "the stream was not read to its end"
    #expect(payloads.map(\.unscoredReason) == [reason, reason])
  }

  @Test func aSecondReaderIsNoSecondRun() async throws {
    let payloads = try await payloads(Listener()) { scope in
      let agent = MetacognitiveStreamingAgent(WordAgent(name: "Words"), in: scope)
      let pieces = try await agent.run(words)
      for try await _ in pieces {}
      for try await _ in pieces {}
    }
    #expect(payloads.count == 1)
  }

  @Test func moreThanTheLongestAnswerIsNotScored() async throws {
    let scorer = Listener()
    let payloads = try await payloads(scorer) { scope in
      for longest in 2...3 {
        let agent = MetacognitiveStreamingAgent(
          WordAgent(name: "Words"), in: scope, longest: longest
        ) { $0.count }
        for try await _ in try await agent.run(words) {}
      }
    }
    #expect(
      payloads.filter { $0.unscoredReason == "the agent failed with StreamTooLong" }.count == 1)
    #expect(scorer.outputs.withLock { $0 } == ["3"])
  }
}
