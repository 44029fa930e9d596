import ReflexiveCore
import Testing

/// After 300 runs at 0.85.
struct FoundDropTests {
  struct Fall: Sendable {
    var shape: ScoreShape
    var mean: Double
    /// Runs until it is found, in the median.
    var runs: Int
  }

  static let falls = [
    Fall(shape: .beta(0.12), mean: 0.5, runs: 14), Fall(shape: .beta(0.12), mean: 0.3, runs: 11),
    Fall(shape: .grades, mean: 0.5, runs: 18), Fall(shape: .grades, mean: 0.3, runs: 12),
    Fall(shape: .binary, mean: 0.5, runs: 45), Fall(shape: .binary, mean: 0.3, runs: 18),
  ]

  @Test(arguments: falls)
  func aFallIsFoundSoonAndItsStartNearly(fall: Fall) throws {
    var runs: [Int] = []
    var errors: [Int64] = []
    for seed in DropTrial.streams(long: 4000, short: 400) {
      var stream = WatchedStream(fall.shape, seed: seed)
      stream.run(300, mean: 0.85)
      guard stream.drops.normal == 0 else { continue }
      let found = stream.runs(mean: fall.mean, limit: 1500) { $0.normal.active != nil }
      runs.append(found ?? .max)
      errors.append((stream.snapshot.normal.active?.startID ?? .max) - 300)
    }
    #expect(try #require(DropTrial.median(runs)) <= fall.runs)
    #expect(try (-2...2).contains(#require(DropTrial.median(errors))))
  }

  /// 150 runs at 0.4, and back at 0.85.
  @Test(arguments: [ScoreShape.beta(0.12), .grades])
  func aFallIsCountedOnceAndOverWhenItIsOver(shape: ScoreShape) throws {
    let streams = DropTrial.streams(long: 4000, short: 400)
    var (counted, objective, normal) = (0, [Int](), [Int]())
    for seed in streams {
      var stream = WatchedStream(shape, seed: seed)
      stream.run(300, mean: 0.85)
      stream.run(150, mean: 0.4)
      let isFound = stream.snapshot.objective.active != nil && stream.snapshot.normal.active != nil
      var other = stream
      objective.append(stream.runs(mean: 0.85, limit: 300) { $0.objective.active == nil } ?? .max)
      normal.append(other.runs(mean: 0.85, limit: 300) { $0.normal.active == nil } ?? .max)
      stream.run(300, mean: 0.85)
      if isFound, stream.drops == (1, 1) { counted += 1 }
    }
    #expect(Double(counted) >= 0.99 * Double(streams.count))
    #expect(try #require(DropTrial.median(objective)) <= 15)
    #expect(try #require(DropTrial.median(normal)) <= 25)
  }

  @Test func aStepThatStaysIsTheNewNormalAfter500Runs() {
    for seed in 0..<10 as Range<UInt64> {
      var stream = WatchedStream(.beta(0.12), seed: seed)
      stream.run(300, mean: 0.9)
      let found = stream.runs(mean: 0.7, limit: 200) { $0.normal.active != nil }
      let stood = stream.runs(mean: 0.7, limit: 1000) { $0.normal.active == nil }
      #expect(found != nil)
      #expect(stood == 500)
      stream.run(1000, mean: 0.7)
      #expect(stream.drops == (0, 1))
    }
  }

  @Test func aFallBackAfterARiseIsADrop() {
    for seed in 0..<10 as Range<UInt64> {
      var stream = WatchedStream(.beta(0.12), seed: seed)
      stream.run(300, mean: 0.7)
      stream.run(300, mean: 0.9)
      #expect(stream.hasNoDrop)
      stream.run(100, mean: 0.7)
      #expect(stream.drops == (0, 1))
    }
  }
}
