/// Scores over time, for their least-squares slope.
///
/// It keeps means and centred sums and merges them pairwise. Sums of the squares of Unix times
/// would leave no digits for the differences.
/// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating Formulae and a Pairwise Algorithm for
/// Computing Sample Variances" (1979).
struct Regression: Aggregate {
  /// Times are relative to an origin near them, so that differences of a microsecond are kept.
  private static let originGrid: Double = 4096

  private var origin: Double
  private var count: Double = 1
  private var meanTime: Double
  private var meanScore: Double
  private var timeSquares: Double = 0
  private var products: Double = 0

  init(score: Double, at time: UnixTime) {
    origin = (time.seconds / Self.originGrid).rounded(.down) * Self.originGrid
    meanTime = time.seconds - origin
    meanScore = score
  }

  mutating func merge(_ other: Regression) {
    let total = count + other.count
    let time = other.meanTime + (other.origin - origin) - meanTime
    let score = other.meanScore - meanScore
    let weight = count * other.count / total
    timeSquares += other.timeSquares + time * time * weight
    products += other.products + time * score * weight
    meanTime += time * other.count / total
    meanScore += score * other.count / total
    count = total
  }

  /// Score per second; `nil` without two distinct times.
  var slope: Double? {
    guard timeSquares > 0 else { return nil }
    let slope = products / timeSquares
    return slope.isFinite ? slope : nil
  }
}

extension Regression {
  static var blank: Self { Self(score: 0, at: .epoch) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&origin)
    try coder.code(&count)
    try coder.code(&meanTime)
    try coder.code(&meanScore)
    try coder.code(&timeSquares)
    try coder.code(&products)
  }
}
