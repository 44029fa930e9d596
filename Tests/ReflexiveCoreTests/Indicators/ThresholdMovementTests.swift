import ReflexiveCore
import Testing

struct ThresholdMovementTests {
  private func own(_ feed: EvidenceFeed) -> GateSnapshot.Own? { feed.snapshot.gates[0].own }

  @Test func neitherTheFirstThresholdNorRoundingIsAMove() {
    var feed = EvidenceFeed()
    for threshold in [0.5, 0.5, 0.5 + 1e-10, 0.4, 0.4, 0.5] {
      feed.evaluation(threshold: threshold)
    }
    #expect(own(feed)?.thresholdMoves == 2)
    #expect(own(feed)?.threshold == 0.5)
  }

  @Test func beforeAnyMoveTheLastMoveIsTheFirstThreshold() {
    var feed = EvidenceFeed()
    feed.evaluation(age: 900)
    #expect(own(feed)?.lastThresholdMove == nil)
    feed.evaluation(threshold: 0.5, age: 800)
    feed.evaluation(threshold: 0.5, age: 100)
    #expect(own(feed)?.lastThresholdMove == feed.now.advanced(by: -800))
    feed.evaluation(threshold: 0.4, age: 50)
    #expect(own(feed)?.lastThresholdMove == feed.now.advanced(by: -50))
  }

  @Test func aMoveWithoutATimeKeepsTheTimeOfThePreviousOne() {
    var feed = EvidenceFeed()
    feed.evaluation(threshold: 0.5, age: 800)
    feed.evaluation(threshold: 0.4, age: 700)
    feed.evaluation(threshold: 0.3, age: nil)
    #expect(own(feed)?.thresholdMoves == 2)
    #expect(own(feed)?.lastThresholdMove == feed.now.advanced(by: -700))
  }

  @Test func aMoveFarAheadOfTheClockHasItsTimeWhenTheClockComesNear() {
    var feed = EvidenceFeed()
    feed.evaluation(threshold: 0.5, age: 800)
    let move = feed.now.advanced(by: 1000)
    feed.evaluation(threshold: 0.4, age: -1000)
    #expect(own(feed)?.lastThresholdMove == feed.now.advanced(by: -800))
    feed.wait(700)
    #expect(own(feed)?.lastThresholdMove == move)
  }

  @Test func driftIsAgainstTheThresholdInForceWhenTheWindowBegan() {
    var feed = EvidenceFeed()
    feed.evaluation(threshold: 0.8, age: 100_000)
    feed.evaluation(threshold: 0.7, age: 7200)
    feed.evaluation(threshold: 0.4, age: 60)
    let drifts = own(feed)?.thresholdDrifts ?? []
    #expect(drifts["1h"] == 0.4 - 0.7)
    #expect(drifts["24h"] == 0.4 - 0.8)
    #expect(drifts["7d"] == 0.4 - 0.8)
    #expect(drifts["all"] == 0.4 - 0.8)
    feed.wait(10_000)
    #expect(own(feed)?.thresholdDrifts["1h"] == nil)
  }

  @Test func driftIsAgainstTheHighestIDBeforeTheWindow() {
    var feed = EvidenceFeed()
    feed.evaluation(threshold: 0.8, age: 5000)
    feed.evaluation(threshold: 0.6, age: 9000)
    feed.evaluation(threshold: 0.4, age: 60)
    #expect(own(feed)?.thresholdDrifts["1h"] == 0.4 - 0.6)
  }

  @Test func aGateIsIdleMovingStalledOrSettled() {
    var feed = EvidenceFeed()
    feed.evaluation(threshold: 0.5)
    #expect(own(feed)?.thresholdState == .moving)
    feed.wait(86_400)
    #expect(own(feed)?.thresholdState == .idle)
    feed.evaluation(threshold: 0.5)
    #expect(own(feed)?.thresholdState == .settled)
    feed.evaluation(threshold: 0.5, calibrationNeeded: true)
    #expect(own(feed)?.thresholdState == .stalled)
    feed.evaluation(threshold: 0.4, calibrationNeeded: true)
    #expect(own(feed)?.thresholdState == .moving)
    feed.wait(86_399)
    feed.evaluation(threshold: 0.4)
    feed.wait(2)
    #expect(own(feed)?.thresholdState == .settled)
  }

  @Test func calibrationNeededByTheMoveItselfIsNotStalling() {
    var feed = EvidenceFeed()
    feed.evaluation(threshold: 0.5, calibrationNeeded: true, age: 90_000)
    feed.evaluation(threshold: 0.5)
    #expect(own(feed)?.thresholdState == .settled)
  }

  @Test func withoutAThresholdThereIsNoState() {
    var feed = EvidenceFeed()
    feed.evaluation(calibrationNeeded: true)
    #expect(own(feed)?.thresholdState == nil)
    #expect(own(feed)?.thresholdDrifts.isEmpty == true)
    #expect(feed.snapshot.gates[0].calibrationsNeeded == 1)
  }
}
