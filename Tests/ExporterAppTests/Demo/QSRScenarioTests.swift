import Foundation
import Testing

@testable import ExporterApp

struct QSRScenarioTests {
  private struct Score: Decodable {
    var quality_score: Double
    var consistency: Double
    var confidence: Double
    var calibration_needed: Bool
  }

  private func answers(_ scenario: QSRScenario, seed: UInt64 = 1, _ count: Int = 1000)
    -> [QSRAnswer]
  {
    var answers = QSRAnswers(scenario, seed: seed)
    return (0..<count).map { _ in answers.next() }
  }

  private func scores(_ answers: [QSRAnswer]) throws -> [Score] {
    try answers.map { try JSONDecoder().decode(Score.self, from: Data($0.body.utf8)) }
  }

  @Test(arguments: QSRScenario.allCases)
  func theSameSeedGivesTheSameAnswers(scenario: QSRScenario) {
    #expect(answers(scenario) == answers(scenario))
    let isFixed = [.steady, .slow].contains(scenario)
    #expect((answers(scenario) == answers(scenario, seed: 2)) == isFixed)
  }

  @Test func steadyIsAlwaysTheSameGoodAnswer() throws {
    for score in try scores(answers(.steady)) {
      #expect(score.quality_score == 0.78 && score.consistency == 0.97)
      #expect(score.confidence == 0.85 && !score.calibration_needed)
    }
    #expect(answers(.slow).allSatisfy { $0.delay == .seconds(1) })
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func scoresDropDriftAndFlapAsTheirNamesSay(seed: UInt64) throws {
    #expect(try scores(answers(.drop, seed: seed)).allSatisfy { $0.quality_score < 0.6 })
    let drift = try scores(answers(.drift, seed: seed)).map(\.quality_score)
    #expect(zip(drift, drift.dropFirst()).allSatisfy { abs($0 - $1) <= 0.002 })
    #expect(drift[0] > 0.85 && drift[999] < 0.4)
    for (index, score) in try scores(answers(.flap, seed: seed)).enumerated() {
      let isGood = index % 40 < 20
      #expect((score.quality_score >= 0.6) == isGood && (score.consistency >= 0.9) == isGood)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func aThirdToAHalfOfErrorsFail(seed: UInt64) throws {
    let answers = answers(.errors, seed: seed)
    let failed = answers.filter { $0.status != 200 }
    #expect((300...500).contains(failed.count))
    #expect(Set(failed.map(\.status)) == [429, 500, 502, 503, 504])
    #expect(answers.allSatisfy { ($0.retryAfter != nil) == ($0.status == 429) })
    _ = try scores(answers.filter { $0.status == 200 })
  }

  @Test func garbageIsNeverAnAnswer() {
    for answer in answers(.garbage) {
      #expect(answer.status == 200)
      let score = try? JSONDecoder().decode([String: Double].self, from: Data(answer.body.utf8))
      #expect(score?["quality_score"].map { (0...1).contains($0) } != true, "\(answer.body)")
    }
  }
}
