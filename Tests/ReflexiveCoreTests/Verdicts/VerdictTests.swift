import ReflexiveCore
import Testing

struct VerdictTests {
  private func verdicts(
    _ feed: EvidenceFeed, _ range: String = "1h", _ objectives: Objectives = Objectives()
  ) -> [Verdict] {
    Verdicts.make(feed.snapshot, store: "s", objectives: objectives, range: range)
  }

  private func verdict(
    _ feed: EvidenceFeed, _ indicator: Verdict.Indicator, _ subject: LabelValue = "s",
    _ range: String = "1h"
  ) -> Verdict? {
    verdicts(feed, range).first { $0.indicator == indicator && $0.subject == subject }
  }

  @Test func aMeanAtExactlyItsLimitIsGoodAndOneBelowIsBreached() {
    var feed = EvidenceFeed()
    for _ in 0..<10 { feed.execution("at", 0.6) }
    for _ in 0..<10 { feed.execution("below", 0.599_999_999) }
    #expect(verdict(feed, .qsr, "at")?.state == .good)
    #expect(verdict(feed, .qsr, "at")?.value == .number(0.6))
    #expect(verdict(feed, .qsr, "below")?.state == .breached)
  }

  @Test func fewScoresAreNotJudgedAndKeepTheirValue() {
    var feed = EvidenceFeed()
    for _ in 0..<4 { feed.execution("a", 0.1) }
    #expect(verdict(feed, .qsr, "a")?.state == .tooFew)
    #expect(verdict(feed, .qsr, "a")?.value == .number(0.1))
    feed.execution("a", 0.1)
    #expect(verdict(feed, .qsr, "a")?.state == .breached)
  }

  @Test func anAgentWithoutScoresInTheRangeHasNoData() throws {
    var feed = EvidenceFeed()
    for _ in 0..<9 { feed.execution("a", 0.1, age: 5000) }
    let found = try #require(verdict(feed, .qsr, "a"))
    #expect(found.state == .noData)
    #expect(found.value == nil)
    #expect(found.samples == 0)
    #expect(found.ids == nil)
    #expect(found.limit == .number(0.6))
  }

  @Test func theIDsAreOfTheFirstAndTheLastSampleInTheRange() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.5, age: 5000)
    feed.execution("a", 0.5)
    feed.execution("b", 0.5)
    feed.execution("a", 0.5)
    feed.execution("a", nil)
    #expect(verdict(feed, .qsr, "a")?.ids?.first == 2)
    #expect(verdict(feed, .qsr, "a")?.ids?.last == 4)
    #expect(verdict(feed, .qsr, "a", "all")?.ids?.first == 1)
    #expect(verdict(feed, .qsr)?.ids?.first == 2)
  }

  @Test func anUnbrokenStreakFromBeforeTheRangeIsJudgedWithoutSamples() throws {
    var feed = EvidenceFeed()
    for _ in 0..<3 { feed.evaluation(consistency: 0.5, age: 5000) }
    let before = try #require(verdict(feed, .consistencyStreak, "g"))
    #expect(before.state == .breached)
    #expect(before.samples == 0)
    #expect(before.ids?.first == 1)
    #expect(before.ids?.last == 3)
    feed.evaluation(consistency: 0.95, age: 4999)
    #expect(verdict(feed, .consistencyStreak, "g")?.state == .noData)
    #expect(verdict(feed, .consistencyStreak, "g", "24h")?.value == .number(3))
  }

  @Test func aStreakThatEndedCountsWholeAsLongAsOneOfItReachesIntoTheRange() {
    var feed = EvidenceFeed()
    for age in [6000, 5000, 3000] as [Double] { feed.evaluation(consistency: 0.5, age: age) }
    feed.evaluation(consistency: 1, age: 10)
    #expect(verdict(feed, .consistencyStreak, "g")?.value == .number(3))
    #expect(verdict(feed, .consistencyStreak, "g")?.samples == 2)
    feed.wait(700)
    #expect(verdict(feed, .consistencyStreak, "g")?.value == .number(0))
    #expect(verdict(feed, .consistencyStreak, "g")?.state == .good)
    #expect(verdict(feed, .consistencyStreak, "g")?.ids == nil)
  }

  @Test func aStalledThresholdIsBreachedWhateverTheRange() throws {
    var feed = EvidenceFeed()
    feed.evaluation(threshold: 0.5, age: 90_000)
    feed.evaluation(calibrationNeeded: true, age: 80_000)
    for range in ["1h", "all"] {
      let found = try #require(verdict(feed, .threshold, "g", range))
      #expect(found.state == .breached)
      #expect(found.value == .text("stalled"))
      #expect(found.samples == nil)
      #expect(found.ids == nil)
    }
    feed.evaluation("never")
    #expect(verdict(feed, .threshold, "never") == nil)
  }

  @Test func fewerRejectedRowsThanMinSamplesAreGoodWhateverTheirShare() {
    var feed = EvidenceFeed()
    for _ in 0..<4 { feed.other("note", rejection: .invalidJSON) }
    #expect(verdict(feed, .rejected)?.state == .tooFew)
    feed.other("note")
    #expect(verdict(feed, .rejected)?.state == .good)
    #expect(verdict(feed, .rejected)?.value == .number(0.8))
    feed.other("note", rejection: .invalidJSON)
    #expect(verdict(feed, .rejected)?.state == .breached)
    for _ in 0..<494 { feed.other("note") }
    #expect(verdict(feed, .rejected)?.value == .number(0.01))
    #expect(verdict(feed, .rejected)?.state == .good)
  }

  @Test func rowsWithoutAReadableTimeCountForTheSharesOfARangeAlone() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.5, age: 10)
    for _ in 0..<9 { feed.execution("a", 0.5, age: nil) }
    #expect(verdict(feed, .qsr, "a")?.samples == 1)
    #expect(verdict(feed, .rejected)?.samples == 10)
    #expect(verdict(feed, .clarity, "architectural")?.value == .number(0.1))
    feed.wait(3700)
    #expect(verdict(feed, .rejected)?.state == .noData)
    #expect(verdict(feed, .rejected, "s", "all")?.samples == 10)
  }

  @Test func agentsThatAreFoldedNameThemselvesAllTheSame() {
    var settings = StoreIndicators.Settings()
    settings.labelValues = 1
    var feed = EvidenceFeed(settings)
    let long = String(repeating: "x", count: 257)
    for agent in ["a", "b", "unknown", "_other", long] { feed.execution(agent, 0.5) }
    #expect(verdict(feed, .clarity, "architectural")?.value == .number(1))
    feed.execution("", 0.5)
    feed.execution("a", nil)
    #expect(verdict(feed, .clarity, "architectural")?.value == .number(0.714_285_714))
  }

  @Test func aThresholdHasToMoveOnlyWhereCalibrationWasNeededAndTheGateHadOne() {
    var settings = StoreIndicators.Settings()
    settings.labelValues = 1
    var feed = EvidenceFeed(settings)
    func evaluate(_ gate: String, _ threshold: Double?, needed: Bool?) {
      feed.evaluation(
        gate, consistency: 0.9, confidence: 0.9, threshold: threshold, calibrationNeeded: needed)
    }
    for gate in ["told", "folded", String(repeating: "x", count: 257)] {
      evaluate(gate, 0.5, needed: true)
      evaluate(gate, 0.5, needed: false)
      evaluate(gate, nil, needed: false)
      evaluate(gate, 0.5, needed: true)
      evaluate(gate, 0.6, needed: true)
      evaluate(gate, 0.6, needed: nil)
    }
    #expect(verdict(feed, .clarity, "procedural")?.value == .number(0.5))
    #expect(verdict(feed, .clarity, "procedural")?.samples == 18)
  }

  @Test func aCheckpointIsLeftOutWhereTheStoreHasNothingOfTheKind() {
    var feed = EvidenceFeed()
    #expect(verdicts(feed).map(\.indicator) == [.qsr, .rejected])
    #expect(verdicts(feed).allSatisfy { $0.state == .noData })
    feed.execution("a", 0.5, age: 5000)
    #expect(verdict(feed, .clarity, "architectural")?.state == .noData)
    #expect(verdict(feed, .clarity, "procedural") == nil)
  }

  @Test func aDropBelowTheObjectiveIsBreachedWithItsMeanItsLimitAndItsRowsWhateverTheRange() throws
  {
    var feed = EvidenceFeed()
    for _ in 0..<30 { feed.execution("a", 0.9, age: 90_000) }
    for _ in 0..<30 { feed.execution("a", 0.2, age: 80_000) }
    for range in ["1h", "all"] {
      let found = try #require(verdict(feed, .drop, "a", range))
      #expect(found.state == .breached)
      #expect(found.value == .number(0.2))
      #expect(found.comparison == .atLeast)
      #expect(found.samples == 30)
      #expect(found.ids?.first == 31)
      #expect(found.ids?.last == 60)
    }
    let onset = feed.indicators.onset(of: try #require(verdict(feed, .drop, "a")), at: feed.now)
    #expect(onset == Onset(time: feed.now.advanced(by: -80_000), precision: .exact))
    for _ in 0..<60 { feed.execution("a", 0.9) }
    let over = try #require(verdict(feed, .drop, "a"))
    #expect(over.state == .good)
    #expect(over.value == nil)
    #expect(over.limit == .number(0.6))
    #expect(over.ids == nil)
  }

  @Test func aDropBelowNormalThatMeetsTheObjectiveIsGood() throws {
    var feed = EvidenceFeed()
    for _ in 0..<300 { feed.execution("a", 0.9) }
    for _ in 0..<60 { feed.execution("a", 0.7) }
    #expect(feed.snapshot.agents.first?.drops?.normal.active != nil)
    let found = try #require(verdict(feed, .drop, "a"))
    #expect(found.state == .good)
    #expect(found.value == nil)
    #expect(found.limit == .number(0.6))
  }

  @Test func dropsAreOfAgentsGatesAndSubjectsWithAScoreAndOnlyWhereTheyAreLookedFor() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.9, maturity: 0.9)
    feed.execution("unscored")
    feed.evaluation("g", consistency: 0.9)
    let drops = verdicts(feed).filter { $0.indicator == .drop }
    #expect(drops.map(\.subject) == ["a", "a", "g"])
    #expect(Set(drops.map(\.subjectKind)) == [.agent, .gate, .subject])
    var settings = StoreIndicators.Settings()
    settings.objectives.drop = nil
    var other = EvidenceFeed(settings)
    other.execution("a", 0.9)
    #expect(!verdicts(other).contains { $0.indicator == .drop })
  }

  @Test func theyAreSortedByWhatNeedsALookFirst() {
    var feed = EvidenceFeed()
    for _ in 0..<5 { feed.execution("b", 0.1) }
    for _ in 0..<5 { feed.execution("a", 0.1) }
    for _ in 0..<5 { feed.execution("c", 0.9) }
    feed.execution("d", 0.1)
    feed.execution("e", nil)
    let shown = verdicts(feed).map { "\($0.state) \($0.indicator) \($0.subject.text)" }
    #expect(
      shown == [
        "breached qsr a", "breached qsr b", "breached qsr s", "tooFew qsr d", "noData qsr e",
        "good clarity architectural", "good drop a", "good drop b", "good drop c", "good drop d",
        "good qsr c", "good rejected s",
      ])
  }

  @Test func otherAndRetiredOnesHaveNoVerdict() {
    var settings = StoreIndicators.Settings()
    settings.labelValues = 1
    settings.retireAfter = 60
    var feed = EvidenceFeed(settings)
    feed.execution("old", 0.5, age: 100)
    feed.execution("folded", 0.5, maturity: 0.5)
    #expect(!verdicts(feed).contains { $0.subjectKind == .agent })
    #expect(verdict(feed, .qsr)?.samples == 2)
  }
}
