import Foundation
import Testing

@testable import OpenTelemetryLogs

/// Broken and odd requests, read here and by protobuf's own parser.
struct LogsOracleTests {
  private static let isLong = ProcessInfo.processInfo.environment["LONG_TESTS"] != nil

  private static let reader = LogsReader(eventName: "gen_ai.evaluation.result") { key in
    key.utf8.starts(with: "gen_ai.".utf8) || ["service.name", "error.type"].contains(key)
  }

  @Test func mutatedRequestsAreReadAsProtobufReadsThem() throws {
    let count = Self.isLong ? 1_000_000 : 100_000
    let cases = try Self.generate(seed: 20_261_126, count: count)
    #expect(cases.count > count)
    var (disagreements, refused) = (0, 0)
    for (request, expected) in cases {
      let found = Self.words(request)
      if expected == "refused" { refused += 1 }
      if found == expected { continue }
      disagreements += 1
      if disagreements <= 5 {
        let digits = request.map { String($0, radix: 16) }.joined(separator: " ")
        Issue.record("\(digits)\nfound \(found)\nexpected \(expected)")
      }
    }
    #expect(disagreements == 0)
    #expect(count / 4...count * 3 / 4 ~= refused, "too few or too many requests are broken")
  }

  private static func generate(seed: Int, count: Int) throws -> [([UInt8], String)] {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Python/logs_oracle.py")
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = ["python3", script.path(), "\(seed)", "\(count)"]
    let output = Pipe()
    python.standardOutput = output
    try python.run()
    let bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data())
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    var cases: [([UInt8], String)] = []
    var next = 0
    func field() -> ArraySlice<UInt8> {
      let start = next + 4
      next = start + bytes[next..<start].reduce(0) { $0 << 8 | Int($1) }
      return bytes[start..<next]
    }
    while next < bytes.count {
      cases.append((Array(field()), String(decoding: field(), as: UTF8.self)))
    }
    return cases
  }

  /// A request as the script writes it.
  private static func words(_ bytes: [UInt8]) -> String {
    guard let request = try? reader.read(protobuf: bytes) else { return "refused" }
    var lines = ["others \(request.otherRecords)"]
    for resource in request.resources {
      lines.append("resource \(words(resource.attributes))")
      lines += resource.records.map { record in
        "record \(record.time) \(record.observedTime) \(hex(record.traceID)) "
          + "\(hex(record.spanID)) \(words(record.attributes))"
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func words(_ attributes: [LogAttribute]) -> String {
    attributes.map { attribute in
      let value =
        switch attribute.value {
        case .text(let text): "t" + hex(Array(text.utf8))
        case .bool(let flag): flag ? "b1" : "b0"
        case .integer(let number): "i\(number)"
        case .number(let number):
          "d" + hex(withUnsafeBytes(of: number.bitPattern.bigEndian, Array.init))
        case .other: "o"
        }
      return "\(hex(Array(attribute.key.utf8)))=\(value)"
    }.joined(separator: ",")
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
