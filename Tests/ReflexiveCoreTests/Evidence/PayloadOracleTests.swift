import Foundation
import ReflexiveCore
import Testing

/// Broken and odd rows, decoded by this library and by `json_oracle.py`.
@Suite struct PayloadOracleTests {
  @Test func mutatedPayloadsAreReadAsPythonReadsThem() throws {
    let cases = try OracleCase.generate(seed: 20_260_101, count: 100_000, now: 1_767_225_600)
    #expect(cases.count == 100_000)
    var builder = EvidenceBuilder()
    for row in cases {
      let event = builder.text(row.event)
      let ts = row.ts.isEmpty ? .null : builder.text(row.ts)
      builder.append(event: event, payload: builder.text(row.payload), ts: ts)
    }
    let evidence = builder.decode()
    var disagreements = 0
    for (index, row) in cases.enumerated() {
      let verdict = OracleCase.verdict(evidence[index], in: builder)
      let numbers = OracleCase.numbers(of: builder.batch.rows[index], in: builder)
      if verdict == row.evidence, numbers == row.numbers { continue }
      disagreements += 1
      if disagreements <= 5 { Issue.record("\(row.explanation(verdict, numbers))") }
    }
    #expect(disagreements == 0)
    let rejected = cases.count { $0.evidence.starts(with: "invalid_json".utf8) }
    #expect(30_000...70_000 ~= rejected, "too few or too many payloads are broken")
  }
}

/// A row and the evidence that the script expects of it.
private struct OracleCase {
  var event: [UInt8]
  var ts: [UInt8]
  var payload: [UInt8]
  var numbers: [UInt8]
  var evidence: [UInt8]
  var mutation: [UInt8]

  static func generate(seed: Int, count: Int, now: Int) throws -> [OracleCase] {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "json_oracle.py")
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = ["python3", script.path(), "\(seed)", "\(count)", "\(now)"]
    let output = Pipe()
    python.standardOutput = output
    try python.run()
    var bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data())[...]
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    var cases: [OracleCase] = []
    while !bytes.isEmpty {
      cases.append(
        OracleCase(
          event: takeField(&bytes), ts: takeField(&bytes), payload: takeField(&bytes),
          numbers: takeField(&bytes), evidence: takeField(&bytes), mutation: takeField(&bytes)))
    }
    return cases
  }

  private static func takeField(_ bytes: inout ArraySlice<UInt8>) -> [UInt8] {
    let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    let field = Array(bytes.dropFirst(4).prefix(count))
    bytes = bytes.dropFirst(4 + count)
    return field
  }

  func explanation(_ verdict: [UInt8], _ numbers: [UInt8]) -> String {
    let fields = [event, ts, payload, self.evidence, verdict, self.numbers, numbers, mutation]
    return fields.map { String(decoding: $0, as: UTF8.self).debugDescription }
      .joined(separator: "\n")
  }
}

extension OracleCase {
  /// The evidence as the script writes it.
  static func verdict(_ evidence: Evidence, in builder: EvidenceBuilder) -> [UInt8] {
    let rejection = evidence.rejection?.rawValue ?? "-"
    var fields = [rejection, "\(evidence.kind)", word(evidence.time?.seconds)].map {
      Array($0.utf8)
    }
    if evidence.rejection != .invalidJSON, evidence.rejection != .notObject {
      fields += [evidence.agent, evidence.gate, evidence.subject].map { word($0, in: builder) }
      let scores = [
        evidence.quality, evidence.threshold, evidence.consistency, evidence.confidence,
      ]
      fields += scores.map { Array(word($0).utf8) }
      fields.append(Array("\(evidence.calibrationNeeded == true)".utf8))
      fields.append(Array(word(evidence.maturity).utf8))
    }
    return Array(fields.joined(separator: [0x1F]))
  }

  /// The numbers in the payload, before validation.
  static func numbers(of row: EvidenceRow, in builder: EvidenceBuilder) -> [UInt8] {
    var payload = Payload()
    guard case .text(let range) = row.payload,
      PayloadScanner.scan(builder.batch.bytes.span, range, into: &payload) == nil
    else { return [] }
    let numbers = [
      payload.quality, payload.threshold, payload.maturity, payload.assessment.consistency,
      payload.assessment.confidence,
    ]
    return Array(numbers.map { Array(word($0).utf8) }.joined(separator: [0x1F]))
  }

  private static func word(_ number: Payload.Number) -> String {
    if case .finite(let value) = number { word(value) } else { "\(number)" }
  }

  private static func word(_ number: Double?) -> String {
    number.map { String($0.bitPattern, radix: 16) } ?? "-"
  }

  private static func word(_ name: Name, in builder: EvidenceBuilder) -> [UInt8] {
    builder.bytes(of: name).map { Array("=".utf8) + $0 }
      ?? Array((name.isTooLong ? "tooLong" : "\(name)").utf8)
  }
}
