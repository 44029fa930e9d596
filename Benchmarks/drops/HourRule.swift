import Foundation

/// A rule on the mean of the last hour below the objective, for ten minutes, kept firing for fifteen:
/// what one would page on without a detector. Runs come at random times; the rule is evaluated every
/// minute, and judges five runs or more.
struct HourRule {
  private let runsPerHour: Double
  private let objective: Double
  private var arrivals: SeededGenerator
  /// In minutes.
  private var now: Double = 0
  private var evaluated: Double = 0
  private var hour: [(time: Double, score: Double)] = []
  private var lowMinutes = 0
  private var goodMinutes = 0
  private var isFiring = false
  private(set) var pages = 0

  init(runsPerHour: Int, objective: Double, seed: UInt64) {
    self.runsPerHour = Double(runsPerHour)
    self.objective = objective
    arrivals = SeededGenerator(seed: seed)
  }

  mutating func apply(_ score: Double) {
    now += -log(Double.random(in: 1e-12...1, using: &arrivals)) * 60 / runsPerHour
    while evaluated + 1 <= now { evaluate() }
    hour.append((now, score))
  }

  private mutating func evaluate() {
    evaluated += 1
    hour.removeFirst(hour.prefix { $0.time <= evaluated - 60 }.count)
    let mean = hour.reduce(0) { $0 + $1.score } / Double(hour.count)
    let isLow = hour.count >= 5 && mean < objective
    lowMinutes = isLow ? lowMinutes + 1 : 0
    goodMinutes = isLow ? 0 : goodMinutes + 1
    if !isFiring, lowMinutes > 10 {
      isFiring = true
      pages += 1
    } else if isFiring, goodMinutes > 15 {
      isFiring = false
    }
  }
}
