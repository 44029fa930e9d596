/// How far scores have gone beyond a level since they last came back to it.
///
/// `depth` is the largest sum of excesses over all stretches of scores that end here. The stretch with
/// that sum is the likeliest one to be the drop, so its first row is where the drop began.
///
/// Source: Page, "Continuous inspection schemes", Biometrika 41 (1954).
struct Excursion: Hashable, Sendable {
  /// The row with which a stretch begins.
  struct Start: Hashable, Sendable {
    var id: Int64
    /// Evidence time, where it is readable.
    var time: UnixTime?
  }

  private(set) var depth: Double = 0
  private(set) var scores = Mean()
  private var first = Start.blank

  /// `nil` before the first score.
  var start: Start? { scores.count > 0 ? first : nil }

  /// - Parameter excess: how far `score` lies beyond the level; negative on the good side of it.
  @inline(__always)
  mutating func add(_ excess: Double, score: Double, at row: Start) {
    if depth == 0 {
      first = row
      scores = Mean()
    }
    depth = max(0, depth + excess)
    scores.add(score)
  }

  /// The next score begins a new stretch.
  mutating func restart() { depth = 0 }

  /// Whether there is a stretch of at least `minSamples` scores.
  func lasts(_ minSamples: Int) -> Bool { depth > 0 && scores.count >= minSamples }
}

extension Excursion: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&depth)
    try coder.code(&scores)
    var start = start
    try coder.code(&start)
    first = start ?? .blank
  }
}

extension Excursion.Start: BinaryFields {
  static var blank: Self { Self(id: 0, time: nil) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&id)
    try coder.code(&time)
  }
}
