import ReflexiveCore
import Testing

/// A value at its limit is not below it.
struct LimitsTests {
  /// Common limits, and all with two decimals.
  static let limits =
    [0.6, 0.75, 0.9, 0.123456789, 0.000000001, 0.999999999]
    + (0...100).map { Double($0) / 100 }

  @Test(arguments: limits)
  func theMeanOfEqualScoresIsThatScoreInEveryWindow(score: Double) {
    var feed = EvidenceFeed()
    for count in 1...60 {
      feed.execution("a", score, age: Double(count * 61), maturity: score)
      feed.evaluation(consistency: score, threshold: score)
      let snapshot = feed.snapshot
      let averages =
        snapshot.averages + (snapshot.agents.first?.averages ?? [])
        + (snapshot.subjects.first?.averages ?? [])
        + (snapshot.gates.first?.thresholdAverages ?? [])
        + (snapshot.gates.first?.consistencyAverages ?? [])
      #expect(averages.allSatisfy { $0.mean == score })
    }
  }

  @Test func theErrorsOfALongSumDoNotReachItsMean() {
    // A sum that starts large has, after a million scores, the errors of a billion.
    var (mean, plain) = (CompensatedMean(), 1e9)
    mean.add(1e9)
    for _ in 0..<1_000_000 {
      mean.add(0.6)
      plain += 0.6
    }
    #expect(mean.value == (1_000_600_000 / 1_000_001).roundedToNineDecimals)
    #expect((plain / 1_000_001).roundedToNineDecimals != mean.value)
  }

  @Test func aMeanAtTheLimitIsNotBelowIt() {
    var feed = EvidenceFeed()
    for score in [0.5, 0.7, 0.55, 0.65, 0.6] { feed.execution("a", score) }
    #expect(feed.snapshot.agents[0].averages.map(\.mean) == [0.6, 0.6, 0.6, 0.6])
  }

  @Test func aConsistencyThatIsOffByRoundingIsNotLow() {
    var feed = EvidenceFeed()
    #expect(0.7 + 0.2 < 0.9)
    for _ in 1...3 { feed.evaluation(consistency: 0.7 + 0.2) }
    #expect(feed.snapshot.gates[0].own?.lowConsistencyStreak == 0)
    for _ in 1...3 { feed.evaluation(consistency: 0.899999999) }
    #expect(feed.snapshot.gates[0].own?.lowConsistencyStreak == 3)
  }

  @Test(arguments: [
    (1.0000000000000002, 1.0), (1.000000001, 1), (-1e-9, 0), (-0.0000000005, 0), (-1e-300, 0),
  ])
  func aScoreThatIsOffByRoundingIsTheNearestOne(score: Double, expected: Double) {
    let evidence = DecodedRow(
      event: DecodedRow.execution, #"{"output_quality": \#(score), "rmm_score": \#(score)}"#
    ).evidence
    #expect(evidence.quality == expected)
    #expect(evidence.maturity == expected)
    #expect(evidence.rejection == nil)
  }

  @Test(arguments: [1.0000000010000003, -1.0000000000000003e-9, 1.00001])
  func aScoreFurtherOutsideIsRejected(score: Double) {
    let evidence = DecodedRow(
      event: DecodedRow.execution, #"{"output_quality": \#(score)}"#
    ).evidence
    #expect(evidence.rejection == .outOfRange)
  }

  @Test(arguments: [
    (0.1234567885, 0.123456788), (0.0000000005, 0.000000001), (0.0000000004999, 0), (0.6, 0.6),
    (0.5999999999999999, 0.6), (1, 1), (0.0000015625, 0.000001563), (2.5e-9, 0.000000003),
  ])
  func roundingIsThatOfTheExactValue(value: Double, expected: Double) {
    #expect(value.roundedToNineDecimals == expected)
  }
}
