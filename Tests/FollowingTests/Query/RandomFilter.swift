import Following
import ReflexiveCore
import TestSupport

/// Filters that now and then match something, with values that rows have, and others.
struct RandomFilter {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func next(for rows: [NastyStore.Expected]) -> EvidenceFilter {
    var filter = EvidenceFilter()
    let model = rows.randomElement(using: &random)
    if chance(8) { filter.event = name(model?.event) }
    if chance(5) { filter.agent = name(model?.agent) }
    if chance(5) { filter.gate = name(model?.gate) }
    if chance(6) { filter.subject = name(model?.subject) }
    if chance(4) { filter.score = range(model?.score) }
    if chance(8) { filter.consistency = range(model?.consistency) }
    if chance(8) { filter.maturity = range(model?.maturity) }
    if chance(4) { filter.since = time(model?.time) }
    if chance(4) { filter.until = time(rows.randomElement(using: &random)?.time) }
    if chance(4) {
      filter.rejected =
        chance(2) ? .any : Rejection.allCases.randomElement(using: &random).map { .reason($0) }
    }
    return filter
  }

  mutating func request(for rows: [NastyStore.Expected]) -> PageRequest {
    func id(_ random: inout SeededGenerator) -> Int64 {
      (rows.randomElement(using: &random)?.id ?? 0) + Int64.random(in: -1...1, using: &random)
    }
    return PageRequest(
      before: chance(3) ? id(&random) : nil, after: chance(3) ? id(&random) : nil,
      limit: [1, 2, 7, 50, 1000].randomElement(using: &random) ?? 50)
  }

  private mutating func name(_ name: String?) -> LabelValue {
    if let name, !chance(5) { return LabelValue(name) }
    return ["a", "absent", "unknown", "_other", "E"].randomElement(using: &random) ?? "a"
  }

  private mutating func range(_ score: Double?) -> ScoreRange {
    let score = score ?? 0.5
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return ScoreRange(lower: score)
    case 1: return ScoreRange(upper: score)
    case 2: return ScoreRange(lower: score, upper: score)
    case 3: return ScoreRange(lower: score - 0.012_345, upper: score + 0.1)
    case 4: return ScoreRange(lower: -3, upper: 7)
    default: return ScoreRange(lower: score, upper: score - 0.01)
    }
  }

  private mutating func time(_ time: Double?) -> UnixTime? {
    let time = time ?? Double(NastyStore.now)
    return UnixTime(seconds: chance(2) ? time : time + Double.random(in: -5...5, using: &random))
  }

  private mutating func chance(_ sides: Int) -> Bool {
    Int.random(in: 0..<sides, using: &random) == 0
  }
}
