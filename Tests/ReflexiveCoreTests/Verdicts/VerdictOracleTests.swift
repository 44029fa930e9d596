import ReflexiveCore
import Testing

struct VerdictOracleTests {
  private static let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
  /// Halfway between the times that rows may have.
  private static let length = 90.5 * RandomEvidence.step

  private static func settings(seed: UInt64, windows: [Window]) -> StoreIndicators.Settings {
    var objectives = Objectives()
    objectives.minSamples = 3
    objectives.clarity = 0.3
    // Few scores are enough for a drop, and for its end.
    objectives.drop =
      seed % 5 == 0
      ? nil
      : DropSettings(
        falseAlarmRuns: 3, tolerance: 0.05, recoveryRuns: 2, normalRuns: 20)
    objectives.agents["a"] = AgentObjectives(qsr: 0.5)
    objectives.gates["b"] = GateObjectives(consistency: 0.7, thresholdStaleness: 3630)
    objectives.subjects["é"] = SubjectObjectives(rmm: 0.4)
    return StoreIndicators.Settings(
      windows: windows, objectives: objectives, labelValues: seed % 2 == 0 ? 500 : 3)
  }

  /// Applies the rows in batches, as a tail reads them.
  private static func snapshot(
    _ rows: [InventedRow], _ settings: StoreIndicators.Settings, readAt read: UnixTime = now
  ) -> EvidenceSnapshot {
    var indicators = StoreIndicators(settings)
    for start in stride(from: 0, to: rows.count, by: 17) {
      indicators.apply(Array(rows[start..<min(start + 17, rows.count)]), at: read)
    }
    return indicators.snapshot(at: now)
  }

  private func expectAsTheOracle(
    seed: UInt64, _ window: Window?, _ range: VerdictOracle.Range, readAt read: UnixTime = now
  ) {
    var random = RandomEvidence(seed: seed, now: Self.now.seconds)
    // What time stands for a missing one is settled when a row is read.
    random.leavesOutTimes = read == Self.now
    let rows = random.rows(Int(seed * 7 % 160))
    let settings = Self.settings(seed: seed, windows: window.map { [$0] } ?? [])
    let label = window?.label ?? "all"
    let verdicts = Verdicts.make(
      Self.snapshot(rows, settings, readAt: read), store: "s", objectives: settings.objectives,
      range: label)
    let oracle = VerdictOracle(
      rows: rows, objectives: settings.objectives, labelValues: settings.labelValues,
      now: Self.now.seconds, range: range, label: label)
    #expect(verdicts == oracle.verdicts, "seed \(seed)")
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func verdictsOverAllRowsAreThoseOfTheOracle(seed: UInt64) {
    expectAsTheOracle(seed: seed, nil, .all)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func verdictsOverAWindowThatSlidesAreThoseOfTheOracle(seed: UInt64) {
    let start = Self.now.advanced(by: -Self.length).seconds
    expectAsTheOracle(seed: seed, Window(label: "1h", length: Self.length), .after(start))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func rowsThatWereAheadOfTheClockCountOnceItGetsThere(seed: UInt64) {
    let start = Self.now.advanced(by: -Self.length).seconds
    let window = Window(label: "1h", length: Self.length)
    let read = Self.now.advanced(by: -8.5 * RandomEvidence.step)
    expectAsTheOracle(seed: seed, window, .after(start), readAt: read)
    expectAsTheOracle(seed: seed, nil, .all, readAt: read)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func verdictsSinceATimeAreThoseOfTheOracle(seed: UInt64) {
    // Some rows have exactly this time, and are not in the range.
    let start = Self.now.advanced(by: -Double(seed % 200) * RandomEvidence.step)
    expectAsTheOracle(
      seed: seed, Window(label: "--since", start: .after(start)), .after(start.seconds))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func verdictsAfterAnIDAreThoseOfTheOracle(seed: UInt64) {
    let id = Int64(seed % 250)
    expectAsTheOracle(seed: seed, Window(label: "id", start: .afterID(id)), .afterID(id))
  }
}
