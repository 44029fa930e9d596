import ReflexiveCore
import Testing

struct SlidingWindowTests {
  private func average(_ feed: EvidenceFeed, _ window: String) -> Double? {
    feed.snapshot.agents.first?.averages[window]?.mean
  }

  @Test func scoresLeaveTheWindowWithoutAnyNewRow() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.2)
    feed.wait(1800)
    feed.execution("a", 0.6)
    #expect(average(feed, "1h") == 0.4)
    feed.wait(1850)
    #expect(average(feed, "1h") == 0.6)
    feed.wait(1850)
    #expect(average(feed, "1h") == nil)
    #expect(average(feed, "24h") == 0.4)
    #expect(average(feed, "all") == 0.4)
  }

  @Test(arguments: [3600.0, 86_400, 604_800])
  func theOldEdgeIsOffByAtMostOnePercent(length: Double) {
    let label = [3600.0: "1h", 86_400: "24h", 604_800: "7d"][length] ?? ""
    for start in stride(from: 0.0, to: length, by: length / 37) {
      var feed = EvidenceFeed(now: UnixTime(seconds: 1_800_000_000 + Int64(start)))
      feed.execution("a", 0.5)
      feed.wait(length * 0.99)
      #expect(average(feed, label) == 0.5)
      feed.wait(length * 0.02)
      #expect(average(feed, label) == nil)
    }
  }

  @Test func theNewEdgeIsExact() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.2, age: -2)
    feed.execution("a", 0.6, age: 0)
    #expect(average(feed, "1h") == 0.6)
    feed.wait(1.999)
    #expect(average(feed, "1h") == 0.6)
    feed.wait(0.001)
    #expect(average(feed, "1h") == 0.4)
  }

  @Test func rowsInAnyOrderOfTimeCountAlike() {
    var ages = (0..<500).map { Double($0 * 37 % 4000) }
    var sorted = EvidenceFeed()
    for age in ages.sorted(by: >) { sorted.execution("a", age / 4000, age: age) }
    ages.reverse()
    var shuffled = EvidenceFeed()
    for age in ages { shuffled.execution("a", age / 4000, age: age) }
    let (left, right) = (sorted.snapshot.agents[0].averages, shuffled.snapshot.agents[0].averages)
    #expect(left.map(\.samples) == right.map(\.samples))
    for (left, right) in zip(left, right) { #expect(abs(left.mean - right.mean) < 1e-12) }
  }

  @Test func aLongHistoryLeavesTheWindowsAsAShortOneDoes() {
    var long = EvidenceFeed()
    for age in stride(from: 3_000_000.0, through: 0, by: -100) {
      long.execution("a", 0.25, age: age)
    }
    var short = EvidenceFeed()
    for age in stride(from: 700_000.0, through: 0, by: -100) {
      short.execution("a", 0.25, age: age)
    }
    for window in ["1h", "24h", "7d"] {
      let (left, right) = (long.snapshot.agents[0].averages, short.snapshot.agents[0].averages)
      #expect(left[window]?.mean == right[window]?.mean)
      #expect(left[window]?.samples == right[window]?.samples)
    }
  }

  @Test func aClockThatStepsForwardAndBackLosesNothing() {
    var feed = EvidenceFeed()
    for age in stride(from: 3000.0, to: 0, by: -30) { feed.execution("a", 0.5, age: age) }
    let before = feed.snapshot.agents[0].averages
    feed.wait(1_000_000)
    feed.execution("b", 0.5)
    feed.wait(-1_000_000)
    #expect(feed.snapshot.agents[0].averages == before)
  }

  @Test func rowsAheadOfTheClockAreNotCountedBeforeTheirTime() {
    var feed = EvidenceFeed()
    for second in 1...1000 { feed.execution("a", 0.5, age: -Double(second)) }
    #expect(average(feed, "1h") == nil)
    feed.wait(500)
    let atHalf = feed.snapshot.agents[0].averages["1h"]?.samples ?? 0
    #expect(atHalf <= 500 && atHalf > 450)
    feed.wait(500)
    #expect(feed.snapshot.agents[0].averages["1h"]?.samples == 1000)
  }

  @Test func timesFarOutsideDoNoHarm() {
    var feed = EvidenceFeed()
    for seconds in [-1.7e308, -1e18, 0, 1e18, 1.7e308] {
      feed.execution("a", 0.5, age: feed.now.seconds - seconds)
    }
    feed.execution("a", 0.7)
    #expect(average(feed, "1h") == 0.7)
    #expect(feed.snapshot.agents[0].averages["all"]?.samples == 6)
  }

  @Test func aRowWithoutATimeCountsInAllAlone() {
    var feed = EvidenceFeed()
    feed.execution("a", 0.5, age: nil)
    #expect(feed.snapshot.agents[0].averages.map(\.window) == ["all"])
  }
}
