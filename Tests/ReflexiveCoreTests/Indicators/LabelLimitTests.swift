import ReflexiveCore
import Testing

struct LabelLimitTests {
  private var twoOfEach: StoreIndicators.Settings { StoreIndicators.Settings(labelValues: 2) }

  @Test func theFirstValuesStayAndLaterOnesAreFoldedTogether() {
    var feed = EvidenceFeed(twoOfEach)
    for agent in ["a", "b", "c", "d", "a", "c"] { feed.execution(agent, 0.5) }
    let agents = feed.snapshot.agents
    #expect(agents.map(\.name) == ["_other", "a", "b"])
    #expect(agents.map(\.executions) == [3, 2, 1])
    #expect(feed.snapshot.overflowed[.agent] == 3)
  }

  @Test func unknownDoesNotCountTowardsTheLimit() {
    var feed = EvidenceFeed(twoOfEach)
    for agent in ["", "unknown", "a", "b"] { feed.execution(agent) }
    #expect(feed.snapshot.agents.map(\.name) == ["a", "b", "unknown"])
    #expect(feed.snapshot.agents.last?.executions == 2)
    #expect(feed.snapshot.overflowed[.agent] == 0)
  }

  @Test func theKnownEventsAreNeverFolded() {
    var feed = EvidenceFeed(twoOfEach)
    for event in ["x", "y", "z", ""] { feed.other(event) }
    feed.execution()
    let events = feed.snapshot.events
    #expect(
      events.map(\.name) == [
        "_other", "metacognitive_agent_execution", "quality_gate_evaluation", "unknown", "x", "y",
      ])
    #expect(events.map(\.rows) == [1, 1, 0, 1, 1, 1])
  }

  @Test func canonicallyEquivalentNamesAreTwo() {
    var feed = EvidenceFeed()
    feed.execution("\u{E9}")
    feed.execution("e\u{301}")
    #expect(feed.snapshot.agents.count == 2)
  }

  @Test func longNamesAreFolded() {
    var feed = EvidenceFeed()
    feed.execution(String(repeating: "n", count: 256))
    feed.execution(String(repeating: "n", count: 257))
    #expect(feed.snapshot.agents.map(\.name.text.utf8.count) == [6, 256])
    #expect(feed.snapshot.overflowed[.agent] == 1)
  }

  @Test func theOverflowValueHasNoValuesOfASingleName() {
    var feed = EvidenceFeed(StoreIndicators.Settings(labelValues: 1))
    for name in ["a", "b"] {
      feed.execution(name, 0.5, age: 60, maturity: 0.5)
      feed.execution(name, 0.5, maturity: 0.6)
      feed.evaluation(name, consistency: 0.1, threshold: 0.5)
    }
    let snapshot = feed.snapshot
    #expect(snapshot.agents[0].latest == nil && snapshot.agents[0].averages.count == 4)
    #expect(snapshot.gates[0].own == nil && snapshot.gates[0].consistencyAverages.count == 4)
    #expect(snapshot.subjects[0].latest == nil && snapshot.subjects[0].progressionPerDay == nil)
  }

  @Test func tenThousandNamesGiveNoMoreSeriesThanTheLimit() {
    var feed = EvidenceFeed(StoreIndicators.Settings(labelValues: 500))
    for number in 0..<10_000 { feed.execution("agent \(number)") }
    #expect(feed.snapshot.agents.count == 501)
    #expect(feed.snapshot.agents.map(\.executions).reduce(0, +) == 10_000)
  }
}
