import Testing

/// With 10,000 runs to a false alarm.
struct FalseDropTests {
  /// The mean is exactly at the objective, which is as bad as it can be without being a drop.
  @Test(arguments: [ScoreShape.beta(0.12), .binary, .grades, .twoPoint])
  func atTheObjectiveOneDropIsFoundInTenThousandRunsAtMost(shape: ScoreShape) {
    let found = finds(shape, mean: 0.6)
    #expect(found.objective <= 1.0)
    #expect(found.normal <= 1.0)
  }

  /// Streaks are no case that the bound holds for. The streak correction has to see to them.
  @Test(arguments: [0.6, 0.85])
  func streaksAreNotTakenForDrops(mean: Double) {
    let found = finds(.sticky(0.6), mean: mean)
    #expect(found.objective <= 1.0)
    #expect(found.normal <= 1.0)
  }

  /// Drops in 10,000 runs.
  private func finds(_ shape: ScoreShape, mean: Double) -> (objective: Double, normal: Double) {
    let streams = DropTrial.streams(long: 300, short: 60)
    var (objective, normal) = (0, 0)
    for seed in streams {
      var stream = WatchedStream(shape, seed: seed)
      stream.run(10_000, mean: mean)
      objective += stream.drops.objective
      normal += stream.drops.normal
    }
    let count = Double(streams.count)
    return (Double(objective) / count, Double(normal) / count)
  }
}
