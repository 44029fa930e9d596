import TestSupport
import Testing

@testable import ReflexiveCore

struct StateBytesTests {
  /// Drops begin and end after few scores.
  private static let settings: StoreIndicators.Settings = {
    var settings = StoreIndicators.Settings(
      windows: [Window(label: "10m", length: 600), Window(label: "1h", length: 3600)],
      labelValues: 6)
    var drop = DropSettings()
    drop.falseAlarmRuns = 3
    drop.recoveryRuns = 2
    drop.normalRuns = 5
    settings.objectives.drop = drop
    settings.objectives.minSamples = 2
    return settings
  }()

  @Test(arguments: 0..<30 as Range<UInt64>)
  func aRestartFromBytesChangesNothing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var whole = EvidenceFeed(Self.settings)
    var cut = EvidenceFeed(Self.settings)
    for _ in 0..<Int.random(in: 1...400, using: &random) {
      let step = Step(using: &random)
      step.apply(to: &whole)
      step.apply(to: &cut)
      if Int.random(in: 0..<60, using: &random) == 0 {
        try cut.restart(Self.settings, from: cut.bytesOfState)
      }
    }
    try cut.restart(Self.settings, from: cut.bytesOfState)
    #expect(cut.bytesOfState == whole.bytesOfState)
    for _ in 0..<20 {
      #expect(cut.snapshot == whole.snapshot)
      whole.wait(300)
      cut.wait(300)
    }
  }

  /// Uses reflection, so that it fails for a property that is added later and not written.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func everyStoredPropertyComesBack(seed: UInt64) throws {
    var feed = filledFeed(seed: seed)
    var before = ""
    dump(feed.indicators, to: &before)
    try feed.restart(Self.settings, from: feed.bytesOfState)
    var after = ""
    dump(feed.indicators, to: &after)
    #expect(before == after)
  }

  @Test func truncatedBytesAreRefused() throws {
    var feed = filledFeed(seed: 1)
    let bytes = feed.bytesOfState
    for end in stride(from: 0, to: bytes.count, by: 1 + bytes.count / 200) {
      #expect(throws: BinaryDecodingError.self) {
        try feed.restart(Self.settings, from: Array(bytes[..<end]))
      }
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func damagedBytesNeverTrap(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let bytes = filledFeed(seed: seed).bytesOfState
    for _ in 0..<50 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let values: [UInt8] = [0, 1, 0x7f, 0xff, .random(in: 0...255, using: &random)]
        let index = Int.random(in: damaged.indices, using: &random)
        damaged[index] = values.randomElement(using: &random) ?? 0
      }
      var feed = EvidenceFeed(Self.settings)
      guard (try? feed.restart(Self.settings, from: damaged)) != nil else { continue }
      for _ in 0..<30 { Step(using: &random).apply(to: &feed) }
      _ = feed.snapshot
    }
  }

  @Test func compatibleSettingsGiveTheSameBytes() {
    var served = Self.settings
    served.retireAfter = 5
    served.objectives.evidenceSilence = 5
    served.objectives.gates["g"] = GateObjectives(thresholdStaleness: 5)
    served.objectives.agents["a"] = AgentObjectives(qsr: served.objectives.qsr)
    served.objectives.subjects["s"] = SubjectObjectives()
    var windows = Self.settings
    windows.windows.removeLast()
    var limit = Self.settings
    limit.labelValues = 7
    var streak = Self.settings
    streak.objectives.consistencyStreak = 9
    var gate = Self.settings
    gate.objectives.gates["g"] = GateObjectives(consistency: 0.5)
    let all = [Self.settings, served, windows, limit, streak, gate] + dropSettings
    for left in all {
      for right in all {
        #expect((bytes(left) == bytes(right)) == left.isCompatible(with: right))
      }
    }
    #expect(bytes(served) == bytes(Self.settings))
  }

  /// Each of them finds other drops.
  private var dropSettings: [StoreIndicators.Settings] {
    let changes: [(inout Objectives) -> Void] = [
      { $0.drop = nil },
      { $0.drop?.falseAlarmRuns = 4 },
      { $0.drop?.tolerance = 0.1 },
      { $0.drop?.recoveryRuns = 4 },
      { $0.drop?.normalRuns = 6 },
      { $0.minSamples = 3 },
      { $0.qsr = 0.1 },
      { $0.agents["a"] = AgentObjectives(qsr: 0.1) },
      { $0.consistency = 0.1 },
      { $0.rmm = 0.1 },
      { $0.subjects["a"] = SubjectObjectives(rmm: 0.1) },
    ]
    return changes.map { change in
      var settings = Self.settings
      change(&settings.objectives)
      return settings
    }
  }

  private func bytes(_ settings: StoreIndicators.Settings) -> [UInt8] {
    var writer = ByteWriter()
    settings.writeCounting(to: &writer)
    return writer.bytes
  }

  private func filledFeed(seed: UInt64) -> EvidenceFeed {
    var random = SeededGenerator(seed: seed)
    var feed = EvidenceFeed(Self.settings)
    for _ in 0..<300 { Step(using: &random).apply(to: &feed) }
    return feed
  }
}

/// One row, or a wait.
private struct Step {
  private var kind: Int
  private var name: String
  private var score: Double?
  private var other: Double?
  private var flag: Bool
  private var age: Double?

  init(using random: inout some RandomNumberGenerator) {
    kind = .random(in: 0..<10, using: &random)
    let names =
      ["", "é", "e\u{301}", String(repeating: "x", count: 300)] + (0..<8).map { "n\($0)" }
    name = names.randomElement(using: &random) ?? ""
    score = Bool.random(using: &random) ? .random(in: 0...1, using: &random) : nil
    other = Bool.random(using: &random) ? .random(in: 0...1, using: &random) : nil
    flag = .random(using: &random)
    let ages: [Double?] = [nil, 0, -1e300, 1e308, .random(in: -2000...9000, using: &random)]
    age = Bool.random(using: &random) ? .random(in: 0...60, using: &random) : ages[kind % 5]
  }

  func apply(to feed: inout EvidenceFeed) {
    switch kind {
    case 0: feed.wait((score ?? 0) * 900)
    case 1: feed.other(name, rejection: flag ? .wrongType : nil)
    case 2...5: feed.execution(name, score, age: age, maturity: other)
    default:
      feed.evaluation(
        name, quality: score, consistency: other, confidence: score, threshold: other,
        calibrationNeeded: flag, age: age)
    }
  }
}
