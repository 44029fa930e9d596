import Foundation
import ReflexiveCore

/// How many streams a statistical test looks at. `make test` takes few, `make test-long` all of them:
/// a debug build takes microseconds a score.
enum DropTrial {
  static let isLong = ProcessInfo.processInfo.environment["LONG_TESTS"] == "1"

  static func streams(long: Int, short: Int) -> Range<UInt64> { 0..<UInt64(isLong ? long : short) }

  /// The median, the greater one of the two in the middle.
  static func median<Value: Comparable>(_ values: [Value]) -> Value? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}

/// A watch at its defaults, and the scores that it is fed with. Ids count from 0.
struct WatchedStream {
  private var watch: DropWatch
  private(set) var row: Int64 = 0
  private var scores: ScoreStream

  init(_ shape: ScoreShape, seed: UInt64, objective: Double = 0.6) {
    watch = DropWatch(objective: objective, minSamples: 5, settings: DropSettings())
    scores = ScoreStream(shape, seed: seed)
  }

  var snapshot: DropsSnapshot { watch.snapshot }

  var drops: (objective: Int, normal: Int) { (snapshot.objective.drops, snapshot.normal.drops) }

  var hasNoDrop: Bool { drops == (0, 0) }

  mutating func run(_ count: Int, mean: Double) {
    for _ in 0..<count { step(mean: mean) }
  }

  /// Scores of another shape go on where those before left off.
  mutating func run(_ count: Int, mean: Double, shape: ScoreShape, seed: UInt64) {
    let before = scores
    scores = ScoreStream(shape, seed: seed)
    run(count, mean: mean)
    scores = before
  }

  /// - Returns: the runs until `condition` holds; `nil` if it does not within `limit` of them.
  mutating func runs(
    mean: Double, limit: Int, until condition: (DropsSnapshot) -> Bool
  ) -> Int? {
    for run in 1...limit {
      step(mean: mean)
      if condition(snapshot) { return run }
    }
    return nil
  }

  private mutating func step(mean: Double) {
    watch.apply(scores.next(mean: mean), id: row, time: nil)
    row += 1
  }
}
