import Foundation

/// How the scores of an agent are spread around their mean.
enum ScoreShape: Hashable, Sendable {
  /// A Beta distribution with this standard deviation.
  case beta(Double)
  /// 0 or 1.
  case binary
  /// 0, 1/4, 1/2, 3/4 or 1.
  case grades
  /// One run in ten breaks and scores 0, all others score alike.
  case twoPoint
  /// 0 or 1, the one before again in this share of the runs.
  case sticky(Double)
  case constant
}

/// Seeded scores of one shape, whose mean can change from one to the next.
struct ScoreStream {
  private let shape: ScoreShape
  private var random: SeededGenerator
  private var last: Double?

  init(_ shape: ScoreShape, seed: UInt64) {
    self.shape = shape
    random = SeededGenerator(seed: seed)
  }

  mutating func next(mean: Double) -> Double {
    switch shape {
    case .beta(let deviation): return beta(mean: mean, deviation: deviation)
    case .binary: return bernoulli(mean)
    case .grades: return (0..<4).reduce(0) { sum, _ in sum + bernoulli(mean) / 4 }
    case .twoPoint: return uniform() < 0.1 ? 0 : mean / 0.9
    case .sticky(let share):
      let score = last.flatMap { uniform() < share ? $0 : nil } ?? bernoulli(mean)
      last = score
      return score
    case .constant: return mean
    }
  }

  /// In (0, 1).
  private mutating func uniform() -> Double { (Double(random.next() >> 12) + 0.5) * 0x1p-52 }

  private mutating func bernoulli(_ mean: Double) -> Double { uniform() < mean ? 1 : 0 }

  private mutating func beta(mean: Double, deviation: Double) -> Double {
    let size = mean * (1 - mean) / (deviation * deviation) - 1
    let (left, right) = (gamma(mean * size), gamma((1 - mean) * size))
    return left / (left + right)
  }

  /// Marsaglia, Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
  private mutating func gamma(_ shape: Double) -> Double {
    guard shape >= 1 else { return gamma(shape + 1) * pow(uniform(), 1 / shape) }
    let size = shape - 1.0 / 3
    let scale = 1 / (9 * size).squareRoot()
    while true {
      let normal = self.normal()
      let root = 1 + scale * normal
      guard root > 0 else { continue }
      let cube = root * root * root
      if log(uniform()) < normal * normal / 2 + size * (1 - cube + log(cube)) { return size * cube }
    }
  }

  /// Box, Muller.
  private mutating func normal() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}
