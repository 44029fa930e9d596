import ReflexiveCore
import Testing

struct StoreIndicatorsTests {
  @Test func theStoresAverageIsOverAllExecutions() {
    var feed = EvidenceFeed()
    for quality in [0.25, 0.5] { feed.execution("a", quality) }
    feed.execution("b", 0.75)
    feed.execution("b", nil)
    #expect(feed.snapshot.averages["all"]?.mean == 0.5)
    #expect(feed.snapshot.averages["all"]?.samples == 3)
    #expect(feed.snapshot.agents.map(\.executions) == [2, 2])
  }

  @Test func latestIsOfTheHighestIDThatHasAValue() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.5, age: 10)
    feed.execution("a", 0.4, age: 90)
    feed.execution("a", nil)
    #expect(feed.snapshot.agents[0].latest == 0.4)
    #expect(feed.snapshot.agents[0].lastExecution == feed.now)
  }

  @Test func aScoreAtABoundLiesBelowItAndIsItsBucketsExemplar() {
    var feed = EvidenceFeed()
    for quality in [0, 0.1, 0.75, 1] { feed.execution("a", quality) }
    let scores = feed.snapshot.agents[0].scores
    #expect(scores?.counts == [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(
      scores?.exemplars.map { $0?.id } == [2, nil, nil, nil, nil, nil, nil, 3, nil, nil, nil, 4])
    #expect(scores?.sum == 1.85)
  }

  @Test func anExemplarAheadOfTheClockHasNoTime() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.5, age: -10)
    let exemplar = feed.snapshot.agents[0].scores?.exemplars[4]
    #expect(exemplar?.id == 1 && exemplar?.time == nil)
  }

  @Test func anExemplarIsTheNewestRowByEvidenceTime() {
    var feed = EvidenceFeed()
    for age in [50, nil, 20, 90, 20, nil] as [Double?] { feed.execution("a", 0.5, age: age) }
    #expect(feed.snapshot.agents[0].scores?.exemplars[4]?.id == 5)
  }

  @Test func anAgentWithoutAScoreHasNoHistogram() {
    var feed = EvidenceFeed()
    feed.execution("a", nil)
    #expect(feed.snapshot.agents[0].scores == nil)
  }

  @Test func timesFarAheadAreLeftOutUntilTheClockIsNear() {
    var feed = EvidenceFeed()
    feed.execution("a", age: 100)
    feed.execution("a", age: -301)
    let ahead = feed.now.advanced(by: 301)
    #expect(feed.snapshot.agents[0].lastExecution == feed.now.advanced(by: -100))
    feed.wait(1)
    #expect(feed.snapshot.agents[0].lastExecution == ahead)
    #expect(feed.snapshot.events[0].lastTime == ahead)
  }

  @Test func retiredSeriesComeBackWithNewEvidence() {
    var feed = EvidenceFeed(StoreIndicators.Settings(retireAfter: 1000))
    feed.execution("a", 0.5, maturity: 0.5)
    feed.evaluation("g")
    feed.wait(1000)
    #expect(feed.snapshot.agents.count == 1)
    feed.wait(1)
    #expect(feed.snapshot.agents.isEmpty && feed.snapshot.gates.isEmpty)
    #expect(feed.snapshot.subjects.isEmpty)
    feed.execution("a", 0.5)
    #expect(feed.snapshot.agents[0].executions == 2)
  }

  @Test func everyReasonAndLabelStartsAtZero() {
    var feed = EvidenceFeed()
    feed.other("x", rejection: .invalidJSON)
    let snapshot = feed.snapshot
    #expect(snapshot.rejected.count == 8 && snapshot.rejected[.invalidJSON] == 1)
    #expect(snapshot.rejected[.outOfRange] == 0)
    #expect(snapshot.overflowed.count == 4)
  }

  @Test func limitsThatOnlySnapshotsUseAreAdoptedInPlace() {
    var settings = StoreIndicators.Settings()
    settings.objectives.drop = nil
    var feed = EvidenceFeed(settings)
    feed.execution("a", 0.5)
    settings.objectives.qsr = 0.8
    settings.objectives.agents["b"] = AgentObjectives(qsr: 0.1)
    settings.retireAfter = 5
    let isAdopted = feed.adopt(settings)
    #expect(isAdopted)
    #expect(feed.snapshot.agents[0].objective == 0.8)
    settings.objectives.gates["g"] = GateObjectives(consistency: 0.5)
    let isAdoptedToo = feed.adopt(settings)
    #expect(!isAdoptedToo)
  }
}
