import EvidenceStore
import ReflexiveCore
import Testing

@testable import Following

@Suite struct CheckpointFuzzTests {
  private static let tokens = [
    "\0", "\u{1}", "\0\0\0\0", "\0\0\0\0\0\0\0\0", "\u{7F}", "RFXCKPT\0", "agent", "gate", "é",
  ]
  private static let subject = StoreCheckpoint.Subject(name: "s", path: "/s.db")
  private static let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
  private static let settings = FollowedStore.Settings(
    indicators: .init(windows: [Window(label: "1h", length: 3600)], labelValues: 4))

  /// A checkpoint of a handful of agents and gates.
  private static func checkpoint() throws -> StoreCheckpoint {
    var zeros = ByteReader(Array(repeating: 0, count: 1000)[...])
    var indicators = StoreIndicators(settings.indicators)
    for number in 0..<40 { apply(row: number, to: &indicators) }
    return StoreCheckpoint(
      settings: settings, position: .file(try TailPosition(from: &zeros)), indicators: indicators)
  }

  private static func apply(row number: Int, to indicators: inout StoreIndicators) {
    let events = ["metacognitive_agent_execution", "quality_gate_evaluation", "note"]
    let payload = """
      {"agent": "a\(number % 5)", "gate": "g\(number % 3)", "output_quality": 0.\(number % 10),
       "rmm_score": 0.5, "current_threshold": 0.\(number % 7),
       "self_assessment": {"consistency": 0.\(number % 10), "calibration_needed": true}}
      """
    var batch = EvidenceBatch()
    func text(_ string: String) -> SQLiteValue {
      .text(Array(string.utf8).withUnsafeBytes { batch.append($0) })
    }
    batch.rows = [
      EvidenceRow(
        id: Int64(number + 1), event: text(events[number % 3]), payload: text(payload),
        ts: .integer(1_800_000_000 - Int64(number * 97 % 5000)))
    ]
    EvidenceDecoder(scoreScale: 1).decode(&batch, now: now)
    indicators.apply(batch, at: now)
  }

  @Test func aFileThatWasChangedIsRefused() throws {
    let whole = try Self.checkpoint().encode(for: Self.subject)
    let fuzz = try Fuzz("checkpoint", iterations: 4000, seeds: [whole], tokens: Self.tokens)
    var refusals: [CheckpointRefusal: Int] = [:]
    try fuzz.run { input in
      switch StoreCheckpoint.decode(input, for: Self.subject, Self.settings) {
      case .success: return input == whole ? nil : "it is used, although it was changed"
      case .failure(let refusal):
        refusals[refusal, default: 0] += 1
        return input == whole ? "it is refused, although it is whole" : nil
      }
    }
    #expect(refusals.keys.contains(.damaged) && refusals.keys.contains(.cutShort), "\(refusals)")
  }

  /// A program that can write a checkpoint can also write a valid digest.
  @Test func aChangedStateWithAValidDigestIsRefusedOrNeverTraps() throws {
    let whole = try Self.checkpoint().encode(for: Self.subject)
    let content = Array(try CheckpointFileFormat.open(whole).get())
    let fuzz = try Fuzz("state", iterations: 2500, seeds: [content], tokens: Self.tokens)
    var used = 0
    let tried = try fuzz.run { input in
      let sealed = CheckpointFileFormat.seal(input)
      let decoded = StoreCheckpoint.decode(sealed, for: Self.subject, Self.settings)
      guard var checkpoint = try? decoded.get() else { return nil }
      used += 1
      for number in 0..<6 { Self.apply(row: number * 7, to: &checkpoint.indicators) }
      for seconds in [0, 4000, -1e18, 1e300] {
        _ = checkpoint.indicators.snapshot(at: Self.now.advanced(by: seconds))
      }
      let again = checkpoint.encode(for: Self.subject)
      guard let back = try? StoreCheckpoint.decode(again, for: Self.subject, Self.settings).get()
      else { return "the state after more rows is refused" }
      return back.encode(for: Self.subject) == again
        ? nil : "the state is not the same when read back"
    }
    #expect(tried / 50..<tried ~= used, "\(used) of \(tried) are used")
  }
}
