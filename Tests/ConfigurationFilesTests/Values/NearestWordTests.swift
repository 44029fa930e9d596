import Testing

@testable import ConfigurationFiles

struct NearestWordTests {
  private let keys = ObjectiveKey.allCases.map(\.rawValue) + LimitKey.allCases.map(\.rawValue)

  @Test(arguments: [
    ("qrs", "qsr"), ("QSR", nil), ("consistancy", "consistency"), ("min-samples", "min_samples"),
    ("minSamples", "min_samples"), ("thresholdStaleness", "threshold_staleness"),
    ("agent", "agents"),
    ("payload_byte", "payload_bytes"), ("rm", "rmm"), ("colour", nil), ("", nil), ("é", nil),
  ])
  func aSlipLeadsToTheWordMeant(written: String, meant: String?) {
    #expect(nearestWord(to: written, among: keys) == meant)
  }

  @Test func noCandidatesHaveNoNearest() {
    #expect(nearestWord(to: "a", among: []) == nil)
  }

  @Test func aVeryLongWordIsNearNothing() {
    #expect(nearestWord(to: String(repeating: "x", count: 1 << 20), among: keys) == nil)
  }
}
