import ReflexiveCore
import Testing

/// Since when something has been breached.
struct OnsetTests {
  private static let now = UnixTime(seconds: Int64(1_800_000_000))

  private func breached(
    _ feed: EvidenceFeed, _ indicator: Verdict.Indicator, range: String = "1h"
  ) throws -> Verdict {
    let verdicts = Verdicts.make(
      feed.snapshot, store: "s", objectives: Objectives(), range: range)
    return try #require(verdicts.first { $0.indicator == indicator && $0.state == .breached })
  }

  /// Scores of one agent, one a minute, which fell `minutes` ago.
  private func fallen(minutes: Int, history: Int = 300) -> EvidenceFeed {
    var feed = EvidenceFeed(now: Self.now)
    for age in (0..<history).reversed() {
      feed.execution("a", age < minutes ? 0.1 : 0.9, age: Double(age) * 60)
    }
    return feed
  }

  @Test func aMeanIsFollowedBackToItsFirstBreach() throws {
    let feed = fallen(minutes: 120)
    let onset = try #require(
      feed.indicators.onset(of: try breached(feed, .qsr), at: feed.now))
    // The mean over an hour is below 0.6 once 23 of its 60 scores are 0.1.
    let expected = Self.now.advanced(by: -(120 - 23) * 60)
    // Pieces of a day are 675 s long, and a window of pieces is off by one of them at each end.
    guard case .within(let precision) = onset.precision else {
      Issue.record("\(onset.precision)")
      return
    }
    #expect(precision <= 675)
    #expect(abs(onset.time.since(expected)) <= 2 * 675)
  }

  @Test func aBreachThatIsOlderThanWhatIsKeptBeganEarlier() throws {
    var feed = EvidenceFeed(now: Self.now)
    for age in stride(from: 90_000.0, through: 0, by: -300) { feed.execution("a", 0.1, age: age) }
    let onset = try #require(feed.indicators.onset(of: try breached(feed, .qsr), at: feed.now))
    #expect(onset.precision == .atTheLatest)
    #expect(Self.now.since(onset.time) > 80_000)
  }

  @Test func aBreachThatHasJustBegunBeganNow() throws {
    var feed = EvidenceFeed(now: Self.now)
    for _ in 0..<10 { feed.execution("a", 0.1, age: 1) }
    let onset = try #require(feed.indicators.onset(of: try breached(feed, .qsr), at: feed.now))
    #expect(Self.now.since(onset.time) < 675)
  }

  @Test func theOnsetStaysWhileTheBreachLasts() throws {
    var feed = fallen(minutes: 120)
    let first = try #require(feed.indicators.onset(of: try breached(feed, .qsr), at: feed.now))
    for _ in 0..<20 {
      feed.now = feed.now.advanced(by: 137)
      feed.execution("a", 0.1)
      let later = try #require(feed.indicators.onset(of: try breached(feed, .qsr), at: feed.now))
      #expect(later.time == first.time)
    }
  }

  @Test func aStreakBeginsWithItsFirstEvaluation() throws {
    var feed = EvidenceFeed(now: Self.now)
    feed.evaluation(consistency: 0.95, age: 500)
    for age in [400.0, 300, 200] { feed.evaluation(consistency: 0.5, age: age) }
    let onset = feed.indicators.onset(of: try breached(feed, .consistencyStreak), at: feed.now)
    #expect(onset == Onset(time: Self.now.advanced(by: -400), precision: .exact))
    #expect(feed.snapshot.gates[0].own?.latestStreak?.length == 3)
  }

  @Test func aStalledThresholdStandsSinceItsLastMove() throws {
    var feed = EvidenceFeed(now: Self.now)
    feed.evaluation(threshold: 0.6, age: 200_000)
    feed.evaluation(threshold: 0.7, age: 180_000)
    feed.evaluation(threshold: 0.7, calibrationNeeded: true, age: 10)
    let onset = feed.indicators.onset(of: try breached(feed, .threshold), at: feed.now)
    #expect(onset == Onset(time: Self.now.advanced(by: -180_000), precision: .exact))
  }

  @Test func rejectedEvidenceIsFollowedBackAsAShare() throws {
    var feed = EvidenceFeed(now: Self.now.advanced(by: -7200))
    for age in stride(from: 7200.0, to: 0, by: -30) {
      feed.now = Self.now.advanced(by: -age)
      feed.execution("a", 0.9)
      if age < 1800 { feed.other("x", rejection: .invalidJSON) }
    }
    feed.now = Self.now
    let onset = try #require(
      feed.indicators.onset(of: try breached(feed, .rejected), at: feed.now))
    #expect(abs(Self.now.since(onset.time) - 1800) <= 2 * 675)
  }

  @Test func whatIsNotBreachedHasNoOnset() throws {
    var feed = EvidenceFeed(now: Self.now)
    for _ in 0..<10 { feed.execution("a", 0.9) }
    for verdict in Verdicts.make(
      feed.snapshot, store: "s", objectives: Objectives(), range: "1h")
    {
      #expect(feed.indicators.onset(of: verdict, at: feed.now) == nil)
    }
  }

  @Test func withoutALongerWindowItIsNotKnown() throws {
    let feed = fallen(minutes: 290)
    for range in ["7d", Window.allLabel] {
      #expect(
        feed.indicators.onset(of: try breached(feed, .qsr, range: range), at: feed.now) == nil)
    }
  }

  @Test func theStateIsTheSameAfterARestart() throws {
    var feed = EvidenceFeed(now: Self.now)
    for age in [400.0, 300, 200] { feed.evaluation(consistency: 0.5, age: age) }
    let before = feed.snapshot
    try feed.restart(StoreIndicators.Settings(), from: feed.bytesOfState)
    #expect(feed.snapshot == before)
    #expect(before.gates[0].own?.latestStreak?.start == Self.now.advanced(by: -400))
  }
}

/// How scores went over a window.
struct HistoryTests {
  private static let now = UnixTime(seconds: Int64(1_800_000_000))

  @Test func thePiecesOfAWindowHaveItsScores() {
    var feed = EvidenceFeed(now: Self.now)
    for age in stride(from: 5000.0, through: 0, by: -10) {
      feed.execution("a", Double(Int(age) % 100) / 100, age: age, maturity: 0.5)
      feed.evaluation(consistency: 0.25, threshold: 0.75, age: age)
    }
    let averages = feed.snapshot.agents[0].averages
    for (kind, name) in [
      (HistoryKind.quality, "a"), (.consistency, "g"), (.threshold, "g"), (.maturity, "a"),
      (.storeQuality, "s"),
    ] as [(HistoryKind, LabelValue)] {
      let points = feed.indicators.history(kind, of: name, window: "1h", at: feed.now)
      #expect(points.reduce(0) { $0 + $1.scores.count } == averages[0].samples)
      #expect(points.count <= 130 && points.map(\.start) == points.map(\.start).sorted())
      #expect(points.allSatisfy { $0.length == 3600 / 128 && $0.end > $0.start })
    }
    let sum = feed.indicators.history(.quality, of: "a", window: "1h", at: feed.now)
      .reduce(into: Mean()) { $0.merge($1.scores) }
    #expect(sum.value == averages[0].mean)
  }

  @Test func whatIsAheadOfTheClockShowsWhenTheClockGetsThere() {
    var feed = EvidenceFeed(now: Self.now)
    feed.execution("a", 0.5, age: -100)
    #expect(feed.indicators.history(.quality, of: "a", window: "1h", at: feed.now).isEmpty)
    feed.now = Self.now.advanced(by: 101)
    #expect(feed.indicators.history(.quality, of: "a", window: "1h", at: feed.now).count == 1)
  }

  @Test func thereIsNoneOfWhatIsNotThere() {
    var feed = EvidenceFeed(now: Self.now)
    feed.execution("a", 0.5)
    #expect(feed.indicators.history(.quality, of: "b", window: "1h", at: feed.now).isEmpty)
    #expect(feed.indicators.history(.quality, of: "a", window: "2h", at: feed.now).isEmpty)
    #expect(feed.indicators.history(.quality, of: "a", window: "all", at: feed.now).isEmpty)
  }
}
