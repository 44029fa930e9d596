import ReflexiveCore
import Testing

@Suite struct PayloadFuzzTests {
  private static let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\u0000", "\\/", "true",
    "false", "null", "NaN", "Infinity", "-Infinity", "-", "0", "1e5", "1E+", ".5", "e-400",
    "18446744073709551616", "\u{FEFF}", "\u{2028}", "é", "😀", "\"event\":", "\"agent\":",
    "\"gate\":\"g\",", "\"timestamp\":1,", "\"output_quality\":0.5,", "\"rmm_score\":",
    "\"current_threshold\":", "\"self_assessment\":{", "\"consistency\":", "\"confidence\":",
    "\"calibration_needed\":true,", "\"rmm_\\u0073core\":", "[[[[[[[[", "]]]]]]]]",
  ]
  private static let nested = [510, 511, 512, 513].map { depth in
    Array(("{\"a\":" + String(repeating: "[", count: depth)).utf8)
      + Array((String(repeating: "]", count: depth) + "}").utf8)
  }

  @Test func theScannerAndTheReferenceAgree() throws {
    let fuzz = try Fuzz("payload", iterations: 20_000, seeds: Self.nested, tokens: Self.tokens)
    var verdicts: [ReferenceJSON.Verdict: Int] = [:]
    let tried = try fuzz.run { input in
      var payload = Payload()
      let rejection = PayloadScanner.scan(
        (input + [0]).span, ByteRange(offset: 0, count: input.count), into: &payload)
      let verdict = ReferenceJSON.verdict(on: input)
      verdicts[verdict, default: 0] += 1
      let expected: Rejection? =
        switch verdict {
        case .object: nil
        case .otherValue: .notObject
        case .invalid: .invalidJSON
        }
      return rejection == expected
        ? nil : "the scanner says \(String(describing: rejection)), the reference \(verdict)"
    }
    #expect(verdicts.values.allSatisfy { $0 > tried / 100 } && verdicts.count == 3, "\(verdicts)")
  }

  @Test func scoresAreInRangeAndTextIsUTF8ForAnyRow() throws {
    let fuzz = try Fuzz("payload", iterations: 10_000, tokens: Self.tokens)
    let decoder = EvidenceDecoder(scoreScale: 1)
    let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
    let events = ["metacognitive_agent_execution", "quality_gate_evaluation"]
    try fuzz.run { input in
      var batch = EvidenceBatch()
      let cut = input.count / 2
      for event in events.map({ Array($0.utf8) }) + [Array(input[..<cut])] {
        batch.rows.append(
          EvidenceRow(
            id: 1, event: .text(event.withUnsafeBytes { batch.append($0) }),
            payload: .text(input.withUnsafeBytes { batch.append($0) }),
            ts: .text(Array(input[cut...]).withUnsafeBytes { batch.append($0) })))
      }
      decoder.decode(&batch, now: now)
      return batch.evidence.lazy.compactMap { Self.problem($0, in: batch) }.first
    }
  }

  private static func problem(_ evidence: Evidence, in batch: EvidenceBatch) -> String? {
    let scores = [
      evidence.quality, evidence.threshold, evidence.consistency, evidence.confidence,
      evidence.maturity,
    ]
    for score in scores.compactMap(\.self) where !(0...1).contains(score) || score.sign == .minus {
      return "a score is \(score)"
    }
    for case .bytes(let range) in [
      evidence.event, evidence.agent, evidence.gate, evidence.subject,
    ] {
      let bytes = batch.bytes[range.offset..<range.offset + range.count]
      guard bytes.count <= 256, String(validating: bytes, as: UTF8.self) != nil else {
        return "a name is \(Array(bytes))"
      }
    }
    return nil
  }
}
