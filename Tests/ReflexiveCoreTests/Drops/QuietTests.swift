import Testing

/// What is no drop against the objective, and none against normal.
struct QuietTests {
  private static let streams = 0..<120 as Range<UInt64>

  @Test func aDipOfFiveRunsIsQuiet() {
    let quiet = Self.streams.filter { seed in
      var stream = WatchedStream(.beta(0.12), seed: seed)
      stream.run(300, mean: 0.85)
      stream.run(5, mean: 0.3)
      stream.run(300, mean: 0.85)
      return stream.hasNoDrop
    }
    #expect(quiet.count == 120)
  }

  @Test func aWiderSpreadAtTheSameMeanIsQuiet() {
    let quiet = Self.streams.filter { seed in
      var stream = WatchedStream(.beta(0.05), seed: seed)
      stream.run(300, mean: 0.85)
      stream.run(600, mean: 0.85, shape: .beta(0.2), seed: seed + 1000)
      return stream.hasNoDrop
    }
    #expect(quiet.count == 120)
  }

  @Test(arguments: [0.78, 0.6])
  func aConstantScoreIsQuietForEver(score: Double) {
    var stream = WatchedStream(.constant, seed: 0)
    stream.run(120_000, mean: score)
    #expect(stream.hasNoDrop)
  }

  @Test func aRiseIsQuiet() {
    let quiet = Self.streams.filter { seed in
      var stream = WatchedStream(.beta(0.12), seed: seed)
      stream.run(300, mean: 0.7)
      stream.run(600, mean: 0.9)
      return stream.hasNoDrop
    }
    #expect(quiet.count == 120)
  }
}
