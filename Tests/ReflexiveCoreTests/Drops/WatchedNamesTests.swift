import ReflexiveCore
import Testing

/// Who is watched for drops, of which scores, and against what.
struct WatchedNamesTests {
  private static let settings = StoreIndicators.Settings(labelValues: 1)

  @Test func anAgentsDropIsOfItsScoresAndNamesItsFirstRow() throws {
    var feed = EvidenceFeed(Self.settings)
    for _ in 0..<100 { feed.execution("a", 0.75) }
    feed.execution("a", nil)
    let start = feed.now.advanced(by: -7)
    for _ in 0..<40 { feed.execution("a", 0.25, age: 7) }
    let drops = try #require(feed.snapshot.agents[0].drops)
    #expect(drops.objective.drops == 1 && drops.normal.drops == 1)
    for active in [drops.objective.active, drops.normal.active] {
      #expect(active?.mean == 0.25)
      #expect(active?.samples == 40)
      #expect(active?.startID == 102)
      #expect(active?.startTime == start)
    }
    #expect(drops.objective.limit == 0.6)
    #expect(drops.objective.evidence >= 10_000)
    #expect(try abs(#require(drops.normal.limit) - 0.7) < 0.01)
    #expect(try abs(#require(drops.normalMean) - 0.75) < 0.1)
  }

  @Test func aGatesDropIsOfItsConsistencyAndASubjectsOfItsMaturity() {
    var feed = EvidenceFeed(Self.settings)
    for _ in 0..<60 {
      feed.evaluation("g", quality: 1, consistency: 0.25, confidence: 1)
      feed.execution("a", 1, maturity: 0.125)
    }
    let snapshot = feed.snapshot
    #expect(snapshot.gates[0].own?.drops?.objective.active?.mean == 0.25)
    #expect(snapshot.gates[0].own?.drops?.objective.limit == 0.9)
    #expect(snapshot.subjects[0].drops?.objective.active?.mean == 0.125)
    #expect(snapshot.subjects[0].drops?.objective.limit == 0.75)
    #expect(snapshot.agents[0].drops?.objective.active == nil)
  }

  @Test func aDropIsHeldAgainstTheObjectiveOfItsOwnName() {
    var settings = Self.settings
    settings.objectives.agents["a"] = AgentObjectives(qsr: 0.2)
    settings.objectives.gates["g"] = GateObjectives(consistency: 0.3)
    settings.objectives.subjects["a"] = SubjectObjectives(rmm: 0.4)
    var feed = EvidenceFeed(settings)
    feed.execution("a", 0.5, maturity: 0.5)
    feed.evaluation("g", consistency: 0.5)
    let snapshot = feed.snapshot
    #expect(snapshot.agents[0].drops?.objective.limit == 0.2)
    #expect(snapshot.gates[0].own?.drops?.objective.limit == 0.3)
    #expect(snapshot.subjects[0].drops?.objective.limit == 0.4)
  }

  @Test func namesThatAreFoldedTogetherAreNotWatched() {
    var feed = EvidenceFeed(Self.settings)
    for name in ["a", "b"] {
      feed.execution(name, 0.5, maturity: 0.5)
      feed.evaluation(name, consistency: 0.5)
    }
    let snapshot = feed.snapshot
    #expect(snapshot.agents.map { $0.drops == nil } == [true, false])
    #expect(snapshot.gates.map { $0.own?.drops == nil } == [true, false])
    #expect(snapshot.subjects.map { $0.drops == nil } == [true, false])
  }

  @Test func withoutSettingsNobodyIsWatched() {
    var settings = Self.settings
    settings.objectives.drop = nil
    var feed = EvidenceFeed(settings)
    feed.execution("a", 0.5, maturity: 0.5)
    feed.evaluation("g", consistency: 0.5)
    #expect(feed.snapshot.agents[0].drops == nil)
    #expect(feed.snapshot.gates[0].own?.drops == nil)
    #expect(feed.snapshot.subjects[0].drops == nil)
  }

  @Test func beforeTheFirstUsableScoreThereIsACountOfDropsAlone() throws {
    var feed = EvidenceFeed(Self.settings)
    feed.execution("a", nil)
    let before = try #require(feed.snapshot.agents[0].drops)
    #expect(!before.hasScores && before.objective.drops == 0 && before.normalMean == nil)
    feed.execution("a", 0.5)
    let after = try #require(feed.snapshot.agents[0].drops)
    #expect(after.hasScores && after.normalMean == 0.5)
  }

  @Test func nothingIsJudgedAgainstAnObjectiveOfZeroNorBeforeNormalIsKnown() throws {
    var settings = Self.settings
    settings.objectives.qsr = 0
    var feed = EvidenceFeed(settings)
    for _ in 0..<3 { feed.execution("a", 0.75) }
    let early = try #require(feed.snapshot.agents[0].drops)
    #expect(early.objective.limit == nil && early.normal.limit == nil)
    for _ in 0..<7 { feed.execution("a", 0.75) }
    let late = try #require(feed.snapshot.agents[0].drops)
    #expect(late.objective.limit == nil && late.normal.limit != nil)
  }

  @Test func anObjectiveIsCountedAnewForWhereDropsAreOn() {
    var changed = Self.settings
    changed.objectives.qsr = 0.7
    var feed = EvidenceFeed(Self.settings)
    let isAdopted = feed.adopt(changed)
    #expect(!isAdopted)
  }
}
