import Foundation
import TestSupport
import Testing

@testable import Metacognition

struct QualityGateTests {
  private let log = LogRecorder()

  private func gate(
    _ recorder: EvidenceRecorder, _ name: String = "Gate", score: Double? = nil
  ) async throws -> QualityGate {
    try await .restored(
      name, scorer: FixedScorer(evaluation: score.map { QualityEvaluation(score: $0) }),
      recorder: recorder)
  }

  /// 10,000 scores on gates that start anywhere, each bit compared.
  @Test func theArithmeticIsThatOfThePythonGate() async throws {
    let folder = try Folder()
    let cases =
      (0..<500).map { _ in (0..<21).map { _ in Double.random(in: 0...1) } }
      + [[0.5, 0.5, 0.5.nextDown, 0, 1, 0.1, 0.3, .leastNonzeroMagnitude]]
    let input = try folder.make(
      "input", cases.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: "\n"))
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Python/research_gate.py").path
    let python = Process()
    let output = Pipe()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", script]
    python.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input))
    python.standardOutput = output
    try python.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    python.waitUntilExit()
    var lines = text.split(separator: "\n")[...]
    var moves = 0
    for scores in cases {
      var threshold = scores[0]
      for score in scores.dropFirst() {
        let decision = AdaptiveRule().decide(score, threshold: threshold)
        threshold = decision.threshold
        moves += decision.calibrationNeeded ? 1 : 0
        let answer = lines.popFirst()
        let line = try #require(answer).split(separator: " ")
        #expect(line[0] == (decision.calibrationNeeded ? "1" : "0"))
        #expect(Double(line[1])?.bitPattern == threshold.bitPattern)
      }
    }
    #expect(lines.isEmpty && moves > 1000)
  }

  @Test func aDecisionIsReturnedAndRecorded() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let gate = try await gate(recorder, score: 0.2)
    let verdict = try await gate.evaluate("output")
    #expect(verdict.assessment.calibrationNeeded)
    #expect(verdict.assessment.consistency == 1 && verdict.assessment.confidence == 0)
    #expect(verdict.threshold == 0.7 * 0.5 + 0.3 * 0.2)
    await recorder.flush(within: .seconds(20))
    let payload = try #require(file.payloads().first)
    #expect(payload["event"] == "quality_gate_evaluation")
    #expect(payload["gate"] == "Gate")
    #expect(payload["output_quality"] == 0.2)
    #expect(payload["current_threshold"] == .number(verdict.threshold))
    #expect(payload["self_assessment"]?["calibration_needed"] == true)
  }

  @Test(arguments: [-5, 1.5, .nan, .infinity])
  func aScoreOutOfRangeMovesNoThresholdAndIsRecordedAsNone(score: Double) async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let gate = try await gate(recorder, score: score)
    await #expect(throws: UnusableScore.self) { try await gate.evaluate("output") }
    let verdict = gate.decide(on: QualityEvaluation(score: score))
    #expect(verdict.assessment.calibrationNeeded)
    #expect(verdict.threshold == 0.5 && gate.threshold == 0.5)
    await recorder.flush(within: .seconds(20))
    let payloads = try file.payloads()
    #expect(payloads.count == 2)
    for payload in payloads {
      #expect(payload.unscoredReason == "the score is not a number from 0 to 1")
      #expect(payload["output_quality"] == nil && payload["current_threshold"] == 0.5)
    }
  }

  @Test func aGateWithoutAScoreThrowsAndRecordsWhy() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let gate = try await gate(recorder)
    await #expect(throws: FixedScorer.Away.self) { try await gate.evaluate("output") }
    await recorder.flush(within: .seconds(20))
    let payload = try #require(file.payloads().first)
    #expect(payload.unscoredReason == "scoring failed with Away")
    #expect(payload["output_quality"] == nil && payload["current_threshold"] == 0.5)
  }

  @Test func theThresholdIsThatOfTheNewestValidEvidence() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    #expect(try await gate(recorder).threshold == 0.5)
    let first = try await gate(recorder, "é")
    for _ in 0..<3 { _ = first.decide(on: QualityEvaluation(score: .random(in: 0..<0.3))) }
    await recorder.flush(within: .seconds(20))
    let other = try OtherConnection(file.path)
    // Of another gate (the same letter in another spelling), and what would be rejected.
    for payload in [
      #"{"gate": "e\u0301", "current_threshold": 0.9}"#,
      #"{"gate": "é", "current_threshold": 1.5}"#,
      #"{"gate": "é", "current_threshold": "0.4"}"#,
      #"{"gate": "é", "current_threshold": 0.4, "output_quality": 7}"#,
      #"{"gate": "é", "current_threshold": 0.4"#, #"{"gate": "é"}"#,
    ] {
      try other.execute(
        "INSERT INTO evidence (event, payload, ts) VALUES "
          + "('quality_gate_evaluation', '\(payload)', '2026-01-01T00:00:00Z')")
    }
    try other.execute(
      """
      INSERT INTO evidence (event, payload, ts)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      SELECT 'note', '{}', '2026-01-01T00:00:00Z' FROM n
      """)
    let restored = try await gate(recorder, "é")
    #expect(restored.threshold.bitPattern == first.threshold.bitPattern)
    #expect(try await gate(recorder, "e\u{301}").threshold == 0.9)
  }

  @Test func rowsHaveTheOrderOfTheDecisions() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let gate = try await gate(recorder)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<500 {
        group.addTask { _ = gate.decide(on: QualityEvaluation(score: .random(in: 0...0.5))) }
      }
    }
    await recorder.flush(within: .seconds(20))
    let thresholds = try file.payloads().compactMap { $0["current_threshold"]?.double }
    #expect(thresholds.count == 500)
    #expect(thresholds == thresholds.sorted(by: >))
    #expect(thresholds.last == gate.threshold)
  }
}
