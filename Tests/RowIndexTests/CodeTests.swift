import ReflexiveCore
import TestSupport
import Testing

@testable import RowIndex

/// Values as codes: what is sure is true, and what is true is possible.
struct CodeTests {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func aScoreIsNeverMissedAndNeverSureWithoutReason(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let scores = (0..<300).map { _ in Self.score(&random) } + [0, 1]
    for _ in 0..<200 {
      let bounds = (0..<2).map { _ in scores.randomElement(using: &random) ?? 0 }
      let range = ScoreRange(
        lower: Bool.random(using: &random) ? bounds[0] : nil,
        upper: Bool.random(using: &random) ? bounds[1] : nil)
      let codes = ScoreCode.codes(in: range)
      for score in scores {
        let code = UInt64(ScoreCode.code(of: score))
        if range.contains(score) { #expect(codes.possible?.contains(code) == true) }
        if codes.certain?.contains(code) == true { #expect(range.contains(score)) }
      }
      #expect(codes.possible?.contains(UInt64(ScoreCode.absent)) != true)
    }
  }

  private static func score(_ random: inout SeededGenerator) -> Double {
    let decimals = [1, 10, 100, 1000, 10_000, 100_000].randomElement(using: &random) ?? 1
    let score = Double(Int.random(in: 0...decimals, using: &random)) / Double(decimals)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return Double.random(in: 0...1, using: &random)
    case 1: return min(score.nextUp, 1)
    case 2: return max(score.nextDown, 0)
    default: return score
    }
  }

  @Test func aLimitOfFourDecimalsLeavesNoDoubt() {
    for step in 0...10_000 {
      let limit = Double(step) / 10_000
      let codes = ScoreCode.codes(in: ScoreRange(lower: limit))
      #expect(codes.possible == codes.certain)
      #expect(
        ScoreCode.codes(in: ScoreRange(upper: limit)).certain?.upperBound == UInt64(2 * step + 1))
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func aTimeIsNeverMissedAndNeverSureWithoutReason(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let spread = [0, 1e-6, 1, 1800, 3e6, 1e9, 1e12, 1e300][Int(seed % 8)]
    let times = (0..<200).map { _ in Self.time(spread, &random) }
    let coding = TimeCode(from: times.min() ?? 0, to: times.max() ?? 0)
    for bound in times.prefix(60) + [-1e305, 1e305, 0] {
      for bound in [bound, bound.nextUp, bound.nextDown, bound + 0.000_000_4] {
        let (after, through) = (coding.codes(after: bound), coding.codes(through: bound))
        for time in times {
          let code = coding.code(of: time)
          #expect(code != TimeCode.absent)
          if time > bound { #expect(after.possible?.contains(code) == true) }
          if time <= bound { #expect(through.possible?.contains(code) == true) }
          if after.certain?.contains(code) == true { #expect(time > bound) }
          if through.certain?.contains(code) == true { #expect(time <= bound) }
        }
        for codes in [after, through] { #expect(codes.possible?.contains(0) != true) }
      }
    }
  }

  private static func time(_ spread: Double, _ random: inout SeededGenerator) -> Double {
    let time = 1_800_000_000 - Double.random(in: 0...1, using: &random) * spread
    return Bool.random(using: &random) ? time : time.rounded()
  }

  @Test func timesOfWholeMicrosecondsLeaveNoDoubt() {
    let start: Int64 = 1_800_000_000
    let times = (0..<1000).map {
      UnixTime(seconds: start + Int64($0), nanoseconds: Int64($0 * 7919 % 1_000_000) * 1000).seconds
    }
    let coding = TimeCode(from: times[0], to: times[999])
    #expect(
      times.allSatisfy { coding.codes(after: $0).possible == coding.codes(after: $0).certain })
  }

  @Test func laterNamesAreFoundAmongOthersAndFirstNamesForSure() {
    var names = NameCodes()
    var codes: [UInt16] = []
    for number in 0..<6000 {
      let bytes = Array("agent \(number)".utf8)
      codes.append(
        names.code(of: .bytes(ByteRange(offset: 0, count: bytes.count)), in: bytes.span))
    }
    for number in 0..<6000 {
      let found = names.codes(of: LabelValue("agent \(number)"))
      #expect(found.possible == UInt64(codes[number])...UInt64(codes[number]))
      #expect((found.certain != nil) == (number < 2044))
    }
    #expect(Set(codes.dropFirst(2044)).count > 3500)
    #expect(names.codes(of: "_other").certain == nil)
    #expect(names.codes(of: "unknown").certain == 1...1)
  }
}
