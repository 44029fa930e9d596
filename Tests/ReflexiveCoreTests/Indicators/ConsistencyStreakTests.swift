import ReflexiveCore
import Testing

struct ConsistencyStreakTests {
  private func streaks(_ consistencies: [Double?]) -> [Int?] {
    var feed = EvidenceFeed()
    return consistencies.map { consistency in
      feed.evaluation(consistency: consistency)
      return feed.snapshot.gates[0].own?.lowConsistencyStreak
    }
  }

  @Test func lowEvaluationsInARowRaiseTheStreakByOneEach() {
    #expect(streaks([0.5, 0.89, 0.0]) == [1, 2, 3])
  }

  @Test func oneAtExactlyTheObjectiveEndsTheStreak() {
    #expect(streaks([0.5, 0.5, 0.9, 0.5]) == [1, 2, 0, 1])
  }

  @Test func oneWithoutUsableConsistencyNeitherExtendsNorBreaksTheStreak() {
    #expect(streaks([nil, 0.5, nil, 0.5, nil]) == [0, 1, 1, 2, 2])
  }

  @Test func aStreakBreachesOnceHoweverLongItGets() {
    var feed = EvidenceFeed()
    var breaches: [Int?] = []
    for consistency in [0.1, 0.1, 0.1, 0.1, 0.95, 0.1, 0.1, 0.1] {
      feed.evaluation(consistency: consistency)
      breaches.append(feed.snapshot.gates[0].own?.lowConsistencyBreaches)
    }
    #expect(breaches == [0, 0, 1, 1, 1, 1, 1, 2])
  }

  @Test func streaksOfTwoGatesAreApart() {
    var feed = EvidenceFeed()
    for gate in ["a", "b", "a", "b"] {
      feed.evaluation(gate, consistency: gate == "a" ? 0.1 : 0.99)
    }
    #expect(feed.snapshot.gates.map { $0.own?.lowConsistencyStreak } == [2, 0])
  }

  @Test func objectivesOfAGateAreFoundByItsName() {
    var settings = StoreIndicators.Settings()
    settings.objectives.gates["strict"] = GateObjectives(consistency: 0.99, consistencyStreak: 1)
    var feed = EvidenceFeed(settings)
    feed.evaluation("strict", consistency: 0.95)
    feed.evaluation("usual", consistency: 0.95)
    let gates = feed.snapshot.gates
    #expect(gates.map { $0.own?.lowConsistencyBreaches } == [1, 0])
    #expect(gates.map(\.limits.consistency) == [0.99, 0.9])
    #expect(gates.map(\.limits.thresholdStaleness) == [86_400, 86_400])
  }
}
