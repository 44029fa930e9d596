@testable import ReflexiveCore

extension GoldenState {
  init(_ watch: DropWatch) {
    objective = Reference(watch.objective)
    normal = Reference(watch.normal)
    epoch = Epoch(watch.learned)
    streaks = Streaks(
      pairs: watch.streaks.pairs, low: watch.streaks.lowPairs,
      lowlow: watch.streaks.lowLowPairs, run: watch.streaks.lowRun,
      rho: Number(watch.streaks.carryOver))
    rise = watch.rise.wealth.parts
    epochs = watch.epochs
  }
}

extension GoldenState.Reference {
  fileprivate init(_ watch: ReferenceWatch) {
    active = watch.isActive
    drops = watch.drops
    evidence = GoldenState.Number(watch.evidence)
    wealth = watch.wealth.parts
    limit = GoldenState.Number(watch.limit)
    middle = GoldenState.Number(watch.middle)
    near = GoldenState.Stretch(watch.near)
    far = GoldenState.Stretch(watch.far)
    count = watch.scores.count
    sum = GoldenState.Number(watch.scores.sum)
    startId = watch.start?.id
    startTime = (watch.start?.time?.seconds).map(GoldenState.Number.init)
    rise = GoldenState.Number(watch.rise.depth)
    riseCount = watch.rise.scores.count
    riseSum = GoldenState.Number(watch.rise.scores.sum)
    runsActive = watch.runsActive
  }
}

extension GoldenState.Stretch {
  fileprivate init(_ excursion: Excursion) {
    depth = GoldenState.Number(excursion.depth)
    count = excursion.scores.count
    sum = GoldenState.Number(excursion.scores.sum)
    id = excursion.start?.id
  }
}

extension GoldenState.Epoch {
  fileprivate init(_ normal: LearnedNormal) {
    count = normal.scores.count
    sum = GoldenState.Number(normal.scores.sum)
    spread = GoldenState.Number(normal.spread)
    weight = GoldenState.Number(normal.weight)
    weighted = GoldenState.Number(normal.weighted)
    penalty = GoldenState.Number(normal.penalty)
    low = GoldenState.Number(normal.low)
    high = GoldenState.Number(normal.high)
  }
}

extension Wealth {
  fileprivate var parts: [GoldenState.Number] {
    [sixteenth, quarter, half, fifteenSixteenths].map(GoldenState.Number.init)
  }
}
