import Foundation
import Logging
import Metacognition

/// A wrapped agent that shortens texts. The QSR service scores each run, a gate judges each result, and
/// the recorder writes both.
///
///     reflexive-exporter mock-qsr &
///     HELIX_QSR_URL=http://127.0.0.1:9010/api/qsr swift run example-agent evidence.db
@main
struct ExampleAgent {
  static func main() async {
    do {
      try await run(database: CommandLine.arguments.dropFirst().first ?? "evidence.db")
    } catch {
      // An error of this library names the URL, and never the key.
      FileHandle.standardError.write(Data("example-agent: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(database: String) async throws {
    let logger = Logger(label: "example-agent") { StreamLogHandler.standardError(label: $0) }
    let client = HelixQSRClient(try .fromEnvironment(), deadline: .seconds(2))
    let recorder = try await EvidenceRecorder.open(database, logger: logger)
    let gate = try await QualityGate.restored("ReleaseGate", scorer: client, recorder: recorder)
    try await withMetacognition(scorer: client, recorder: recorder, logger: logger) { scope in
      let agent = MetacognitiveAgent(
        "Shortener", in: scope,
        adapt: { evaluation in print("scored \(evaluation.score): write more next time") },
        body: { (text: String) in String(text.prefix(40)) })
      for number in 1...10 {
        let result = await agent.run("Text \(number): the agents log what they do, and how well.")
        let verdict = try await gate.evaluate(result)
        print("\(result): \(verdict.score) against \(verdict.threshold)")
      }
    }
  }
}
