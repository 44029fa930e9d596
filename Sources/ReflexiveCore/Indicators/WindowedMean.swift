/// The mean of a score in each configured window and over all rows.
struct WindowedMean: Sendable {
  private var windows: [SlidingWindow<Mean>]
  private var all = CompensatedMean()

  init(windows: [Window]) {
    self.windows = windows.map { SlidingWindow(length: $0.length) }
  }

  /// - Parameter time: `nil` if the row has no readable time. The score then counts in `all` only.
  mutating func add(_ score: Double, at time: UnixTime?, now: UnixTime) {
    all.add(score)
    guard let time else { return }
    var windows = windows.mutableSpan
    for index in windows.indices { windows[index].add(Mean(of: score), at: time, now: now) }
  }

  /// One mean for each window that has a score, in the order of the configuration, then `all`.
  func averages(_ labels: [Window], at now: UnixTime) -> [WindowAverage] {
    var averages: [WindowAverage] = []
    for (label, window) in zip(labels, windows) {
      let mean = window.content(at: now)
      if let average = WindowAverage(label.label, mean?.value, mean?.count ?? 0) {
        averages.append(average)
      }
    }
    if let average = WindowAverage(Window.allLabel, all.value, all.count) {
      averages.append(average)
    }
    return averages
  }
}

/// The mean of the scores in one window, and their number, which is at least 1.
package struct WindowAverage: Hashable, Sendable {
  /// The value of the label `window`.
  package var window: String
  /// Rounded to 9 decimals.
  package var mean: Double
  package var samples: Int

  /// `nil` if there is no mean.
  init?(_ window: String, _ mean: Double?, _ samples: Int) {
    guard let mean else { return nil }
    self.window = window
    self.mean = mean
    self.samples = samples
  }
}

extension WindowedMean: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(windows)
    writer.write(all)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    windows = try reader.read()
    all = try reader.read()
  }
}
