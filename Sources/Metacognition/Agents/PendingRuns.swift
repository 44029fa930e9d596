/// The runs that wait to be scored, in order.
struct PendingRuns: Sendable {
  private let capacity: Int
  private var runs: [PendingRun] = []
  private var first = 0
  private var hasEnded = false

  init(capacity: Int) { self.capacity = capacity }

  /// - Returns: the reason why the run is not accepted; `nil` if it is.
  mutating func add(_ run: PendingRun) -> UnscoredReason? {
    if hasEnded { return UnscoredReason("the scope that scores it has ended") }
    if runs.count - first >= capacity {
      return UnscoredReason("\(capacity) other runs wait to be scored")
    }
    runs.append(run)
    return nil
  }

  mutating func next() -> PendingRun? {
    guard first < runs.count else {
      runs.removeAll(keepingCapacity: true)
      first = 0
      return nil
    }
    defer { first += 1 }
    if first >= 1024 {
      runs.removeFirst(first)
      first = 0
    }
    return runs[first]
  }

  mutating func end() { hasEnded = true }
}
