/// How many rows a statement asks for, so that it takes a moment and a few megabytes.
struct ReadLimit {
  private(set) var rows = 64

  /// - Parameters:
  ///   - elapsed: in milliseconds.
  ///   - isFull: it gave all the rows that were asked for.
  ///   - bytes: how much it gave.
  mutating func note(elapsed: Int64, isFull: Bool, bytes: Int) {
    if elapsed > 100 || bytes > 4 << 20 {
      rows = max(rows / 2, 16)
    } else if isFull, elapsed < 25, bytes < 2 << 20 {
      rows = min(rows * 2, 4000)
    }
  }

  mutating func reset() { self = ReadLimit() }
}
