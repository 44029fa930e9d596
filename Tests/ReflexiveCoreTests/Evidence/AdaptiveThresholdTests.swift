import ReflexiveCore
import Testing

struct AdaptiveThresholdTests {
  @Test func onlyAScoreBelowItMovesTheThreshold() {
    var threshold = AdaptiveThreshold()
    #expect(!threshold.judge(0.5) && threshold.value == 0.5)
    #expect(threshold.judge(0.4) && threshold.value == 0.7 * 0.5 + 0.3 * 0.4)
    #expect(!threshold.judge(1) && threshold.value == 0.7 * 0.5 + 0.3 * 0.4)
  }
}
