/// How often a drop is found where there is none, and how soon one is found, beside rules on the mean
/// of the last hour.
enum DropTables {
  private static let objective = 0.6
  private static let rates = [10, 50, 200]
  private static let shapes: [(name: String, shape: ScoreShape)] = [
    ("Beta, sd 0.12", .beta(0.12)), ("0/1", .binary), ("grades", .grades),
    ("one run in ten broken", .twoPoint), ("0/1 in streaks, 0.6", .sticky(0.6)),
  ]

  /// All that looks at one stream of scores.
  private struct Watchers {
    var drops = DropWatch(objective: objective, minSamples: 5, settings: DropSettings())
    var rules: [HourRule]
    private var row: Int64 = 0

    init(seed: UInt64) {
      rules = rates.map { HourRule(runsPerHour: $0, objective: objective, seed: seed + 1 << 32) }
    }

    mutating func apply(_ score: Double) {
      drops.apply(score, id: row, time: nil)
      for index in rules.indices { rules[index].apply(score) }
      row += 1
    }

    /// Drops and pages so far: objective, normal, then a rule each.
    var counts: [Int] {
      [drops.snapshot.objective.drops, drops.snapshot.normal.drops] + rules.map(\.pages)
    }
  }

  private static func printHead(_ first: String) {
    let columns = [first, "objective", "normal"] + rates.map { "1h mean, \($0) runs an hour" }
    print("| \(columns.joined(separator: " | ")) |")
    print("|\(String(repeating: " --- |", count: columns.count))")
  }

  /// 200 streams of 10,000 runs each.
  static func printFalseAlarms() {
    printHead("scores")
    for (name, shape) in shapes {
      for mean in [0.85, 0.7] {
        var totals = [0, 0, 0, 0, 0]
        for seed in 0..<200 as Range<UInt64> {
          var stream = ScoreStream(shape, seed: seed)
          var watchers = Watchers(seed: seed)
          for _ in 0..<10_000 { watchers.apply(stream.next(mean: mean)) }
          totals = zip(totals, watchers.counts).map { $0 + $1 }
        }
        let cells = totals.map { "\((Double($0) / 2).rounded() / 100)" }
        print("| \(name), mean \(mean) | \(cells.joined(separator: " | ")) |")
      }
    }
  }

  /// 500 streams, 300 runs at 0.85 first; 1,500 runs without a find are never.
  static func printDelays() {
    printHead("scores")
    for (name, shape) in shapes.prefix(3) {
      for mean in [0.7, 0.5, 0.3] {
        var delays: [[Int]] = Array(repeating: [], count: 2 + rates.count)
        for seed in 0..<500 as Range<UInt64> {
          for (index, delay) in self.delays(shape, to: mean, seed: seed).enumerated() {
            delays[index].append(delay)
          }
        }
        let cells = delays.map { "\(quantile($0, 0.5)) / \(quantile($0, 0.95))" }
        print("| \(name), to \(mean) | \(cells.joined(separator: " | ")) |")
      }
    }
  }

  private static func delays(_ shape: ScoreShape, to mean: Double, seed: UInt64) -> [Int] {
    var stream = ScoreStream(shape, seed: seed)
    var watchers = Watchers(seed: seed)
    for _ in 0..<300 { watchers.apply(stream.next(mean: 0.85)) }
    let before = watchers.counts
    var delays = Array(repeating: Int.max, count: before.count)
    for run in 1...1500 {
      watchers.apply(stream.next(mean: mean))
      for (index, count) in watchers.counts.enumerated() where count > before[index] {
        delays[index] = min(delays[index], run)
      }
      if !delays.contains(.max) { break }
    }
    return delays
  }

  private static func quantile(_ delays: [Int], _ share: Double) -> String {
    let delay = delays.sorted()[Int(share * Double(delays.count - 1))]
    return delay == .max ? "never" : "\(delay)"
  }
}
