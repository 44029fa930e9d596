import TestSupport

/// Rows of every kind, good and bad, the same for the same seed.
struct RandomRows {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  /// Appends up to some hundred rows in one transaction, and prunes none.
  mutating func append(to store: TemporaryStore) throws {
    let rows = (0..<(1 + next(300))).map { _ in row() }
    try store.execute(
      "INSERT INTO evidence (event, payload, ts) VALUES " + rows.joined(separator: ","))
  }

  private mutating func row() -> String {
    let event = ["metacognitive_agent_execution", "quality_gate_evaluation", "note", "n\(next(9))"]
    return "('\(event[next(next(3) == 0 ? 4 : 2)])', \(payload()), \(time()))"
  }

  private mutating func payload() -> String {
    switch next(40) {
    case 0: return "NULL"
    case 1: return "'{\"agent\": '"
    case 2: return "'[1]'"
    case 3: return "x'7b7d'"
    default: break
    }
    var fields = [#""agent": "\#(name())""#, #""gate": "\#(name())""#]
    for field in ["output_quality", "current_threshold", "rmm_score"] where next(3) > 0 {
      fields.append("\"\(field)\": \(score())")
    }
    if next(3) > 0 {
      fields.append(
        #""self_assessment": {"consistency": \#(score()), "confidence": \#(score()), "#
          + #""calibration_needed": \#(next(2) == 0)}"#)
    }
    return "'{" + fields.joined(separator: ", ") + "}'"
  }

  private mutating func name() -> String {
    next(20) == 0 ? String(repeating: "x", count: 300) : "n\(next(9))"
  }

  private mutating func score() -> String {
    switch next(30) {
    case 0: "NaN"
    case 1: "1.5"
    case 2: "\"0.5\""
    case 3: "null"
    default: "\(Double(next(1000)) / 1000)"
    }
  }

  /// Times around the test's clock, some of them ahead of it.
  private mutating func time() -> String {
    switch next(12) {
    case 0: "'?'"
    case 1: "'\(1_800_000_000 + next(5000))'"
    case 2: "'\(1_800_000_000 - next(2_000_000))'"
    default: "'\(1_800_000_000 - next(90_000)).25'"
    }
  }

  /// Below `limit`; xorshift64*.
  private mutating func next(_ limit: Int) -> Int {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Int((state &* 0x2545_f491_4f6c_dd1d) >> 33) % limit
  }
}
