import Glibc

/// What a drop watch costs a row, and how long its state is in a checkpoint.
enum DropCost {
  static func measure() {
    let scores = scores(1 << 20)
    for count in [1, 100, 1000] {
      let measured = (0..<7).map { _ in nanosecondsPerRow(scores, watches: count) }
      let times = measured.map(\.time).sorted().map { Double(Int($0 * 10)) / 10 }
      let watch = measured[0].watch
      var writer = ByteWriter()
      writer.write(watch)
      print(
        "\(count) watches: \(times[3]) ns a row (median of 7; \(times[0]) to \(times[6])),",
        "\(writer.bytes.count) bytes a watch, \(watch.snapshot.normal.drops) drops in one")
    }
  }

  /// Around 0.85, and around 0.4 for 512 rows in 4096.
  private static func scores(_ count: Int) -> [Double] {
    var stream = ScoreStream(.beta(0.12), seed: 1)
    return (0..<count).map { row in stream.next(mean: (row >> 9) % 8 == 7 ? 0.4 : 0.85) }
  }

  private static func nanosecondsPerRow(
    _ scores: [Double], watches count: Int
  ) -> (time: Double, watch: DropWatch) {
    let new = DropWatch(objective: 0.6, minSamples: 5, settings: DropSettings())
    var watches = Array(repeating: new, count: count)
    let start = clock()
    for row in scores.indices {
      let time = UnixTime(seconds: Int64(row))
      watches[row % count].apply(scores[row], id: Int64(row), time: time)
    }
    // Processor time: other processes do not count.
    let nanoseconds = 1e9 * Double(clock() - start) / Double(CLOCKS_PER_SEC)
    return (nanoseconds / Double(scores.count), watches[0])
  }
}
