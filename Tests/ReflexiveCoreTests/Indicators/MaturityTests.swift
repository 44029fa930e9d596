import ReflexiveCore
import Testing

struct MaturityTests {
  private func slope(_ feed: EvidenceFeed) -> Double? {
    feed.snapshot.subjects.first?.progressionPerDay
  }

  @Test func theSlopeOfALineIsItsSlope() throws {
    var feed = EvidenceFeed()
    for day in 0..<7 {
      feed.execution(age: Double(6 - day) * 86_400, maturity: 0.3 + Double(day) / 20)
    }
    #expect(try abs(#require(slope(feed)) - 0.05) < 1e-12)
  }

  @Test func oneTimeHasNoSlopeHoweverManyScores() {
    var feed = EvidenceFeed()
    for maturity in [0.1, 0.9, 0.5] { feed.execution(age: 60, maturity: maturity) }
    #expect(slope(feed) == nil)
    feed.execution(age: 59, maturity: 0.5)
    #expect(slope(feed) != nil)
  }

  @Test func twoTimesAMillisecondApartHaveAnExactSlope() throws {
    var feed = EvidenceFeed(now: UnixTime(seconds: 1_800_000_000))
    feed.execution(age: 0.0009765625, maturity: 0.5)
    feed.execution(age: 0, maturity: 0.625)
    let expected = 0.125 / 0.0009765625 * 86_400
    #expect(try abs(#require(slope(feed)) - expected) < 1e-6)
  }

  @Test func rowsOlderThanAWeekDoNotChangeTheSlope() throws {
    var feed = EvidenceFeed()
    for day in 0..<30 {
      feed.execution(age: Double(29 - day) * 86_400, maturity: day < 15 ? 0.9 : 0.4)
    }
    #expect(try abs(#require(slope(feed))) < 1e-9)
  }

  @Test func latestIsOfTheHighestID() {
    var feed = EvidenceFeed()
    feed.execution(age: 0, maturity: 0.3)
    feed.execution(age: 500, maturity: 0.4)
    feed.execution(age: 100)
    #expect(feed.snapshot.subjects[0].latest == 0.4)
  }
}
