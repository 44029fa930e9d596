/// The mean of a score in each configured window and over all rows.
struct WindowedMean: Sendable {
  private var windows: [SlidingWindow<Mean>]
  private var all = Mean()

  init(windows: [Window]) {
    self.windows = windows.map { SlidingWindow(length: $0.length) }
  }

  /// - Parameter time: `nil` where the row has no readable time: then it counts in `all` alone.
  mutating func add(_ score: Double, at time: UnixTime?, now: UnixTime) {
    all.add(score)
    guard let time else { return }
    var windows = windows.mutableSpan
    for index in windows.indices { windows[index].add(Mean(of: score), at: time, now: now) }
  }

  /// One mean for each window that has a score, in the order of the configuration, `all` last.
  func averages(_ labels: [Window], at now: UnixTime) -> [WindowAverage] {
    var averages: [WindowAverage] = []
    for (label, window) in zip(labels, windows) {
      if let mean = window.content(at: now) { averages.append(WindowAverage(label.label, mean)) }
    }
    if all.count > 0 { averages.append(WindowAverage(Window.allLabel, all)) }
    return averages
  }
}

/// The mean of the scores in one window, and how many they are: at least one.
package struct WindowAverage: Hashable, Sendable {
  /// The value of the label `window`.
  package var window: String
  package var mean: Double
  package var samples: Int

  init(_ window: String, _ mean: Mean) {
    self.window = window
    self.mean = mean.sum / Double(mean.count)
    samples = mean.count
  }
}

extension WindowedMean: Checkpointed {
  func write(to writer: inout ByteWriter) {
    writer.write(windows)
    writer.write(all)
  }

  init(from reader: inout ByteReader) throws(CheckpointDamage) {
    windows = try reader.read()
    all = try reader.read()
  }
}
