/// How far scores have gone beyond a level since they last came back to it.
///
/// `depth` is the largest sum of excesses over all stretches of scores that end here. The stretch with
/// that sum is the likeliest one to be the drop, so its first row is where the drop began.
///
/// Source: Page, "Continuous inspection schemes", Biometrika 41 (1954).
struct Excursion: Hashable, Sendable {
  /// The row with which a stretch begins.
  struct Start: Hashable, Sendable {
    private(set) var id: Int64
    /// The bits of the evidence time in seconds; infinite where it is not readable.
    private var secondsBits: UInt64

    /// - Parameter time: evidence time, where it is readable.
    @inline(__always)
    init(id: Int64, time: UnixTime?) {
      self.id = id
      secondsBits = (time?.seconds ?? .infinity).bitPattern
    }

    var time: UnixTime? { UnixTime(seconds: Double(bitPattern: secondsBits)) }

    /// - Parameter kept: all bits for the start as it is, none for `row`.
    @inline(__always)
    fileprivate mutating func replace(with row: Start, except kept: UInt64) {
      id = row.id ^ ((row.id ^ id) & Int64(bitPattern: kept))
      secondsBits = row.secondsBits ^ ((row.secondsBits ^ secondsBits) & kept)
    }
  }

  private(set) var depth: Double = 0
  private(set) var scores = Mean()
  private var first = Start.blank

  /// `nil` before the first score.
  var start: Start? { scores.count > 0 ? first : nil }

  /// - Parameter excess: how far `score` lies beyond the level; negative on the good side of it.
  @inline(__always)
  mutating func add(_ excess: Double, score: Double, at row: Start) {
    // Whether a stretch begins is close to random, so processors guess a branch on it wrong about once
    // a score and question. Compilers make a branch of `depth == 0`, whatever it selects, but none of
    // the sign of −depth: all bits while a stretch lasts, none where one begins.
    let kept = Int64(bitPattern: 0 &- depth.bitPattern) >> 63
    first.replace(with: row, except: UInt64(bitPattern: kept))
    scores.sum = Double(bitPattern: scores.sum.bitPattern & UInt64(bitPattern: kept)) + score
    scores.count = (scores.count & Int(kept)) &+ 1
    let sum = depth + excess
    depth = sum > 0 ? sum : 0
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
    var time = time
    try coder.code(&time)
    self = Self(id: id, time: time)
  }
}
