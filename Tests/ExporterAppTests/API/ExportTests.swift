import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import ExporterApp

/// All matches in one answer.
struct ExportTests {
  @Test func linesOfJSONEndWithAMark() async throws {
    let exporter = try RoutedExporter.reading()
    let answer = try await exporter.ask("/api/v1/evidence?agent=Planner&format=ndjson")
    #expect(answer.headers[.contentType] == "application/x-ndjson")
    let lines = answer.body.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    #expect(lines.count == 7 && lines[5] == "{\"end\":true,\"rows\":5}" && lines[6].isEmpty)
    let rows = try lines.prefix(5).map { try Parsed($0) }
    #expect(rows.map(\.id.int) == [1, 2, 3, 4, 5])
    let page = try await exporter.ask("/api/v1/evidence?before=2")
    #expect(page.body.contains("\"rows\":[\(lines[0])]"))
  }

  @Test func aTableHasAHeadingAndEndsWithAMark() async throws {
    let answer = try await RoutedExporter.reading().ask(
      "/api/v1/evidence?gate=Safety&consistency_max=0.81&format=csv")
    #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
    let lines = answer.body.components(separatedBy: "\r\n")
    #expect(
      lines[0]
        == "id,event,agent,gate,subject,score,consistency,confidence,calibration_needed,threshold,"
        + "rmm_score,rejection,evidence_time,evidence_ms")
    #expect(lines[1].hasPrefix("8,quality_gate_evaluation,,Safety,,0.7,0.8,0.8,false,0.7,,,20"))
    #expect(lines[2...] == ["# end,1", ""])
  }

  @Test(arguments: ["/evidence?format=csv", "/evidence?format=ndjson", "/events"])
  func headOfAStreamTellsNoLength(path: String) async throws {
    let head = try await RoutedExporter.reading().ask("/api/v1" + path, .head)
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head.headers[.contentLength] == nil && head.headers[.transferEncoding] == "chunked")
  }

  @Test func beforeAndAfterApplyAndNothingIsAllRightToo() async throws {
    let exporter = try RoutedExporter.reading()
    func export(_ query: String) async throws -> String {
      try await exporter.ask("/api/v1/evidence?format=ndjson&" + query).body
    }
    #expect(try await export("after=2&before=5").matches(of: /"id":(\d)/).map(\.1) == ["3", "4"])
    #expect(try await export("after=9") == "{\"end\":true,\"rows\":0}\n")
    #expect(try await export("agent=nobody") == "{\"end\":true,\"rows\":0}\n")
    #expect(
      try await exporter.ask("/api/v1/evidence?format=csv&agent=nobody").body
        .hasSuffix("evidence_ms\r\n# end,0\r\n"))
  }

  /// A spreadsheet takes what begins with such a character for a formula.
  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("a=", "a="),
    ("a,b", "\"a,b\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("a\r\nb", "\"a\r\nb\""), ("é ü", "é ü"),
    ("'x", "'x"), (" =x", " =x"),
  ])
  func aNameIsOneCellAndNoFormula(name: String, cell: String) async throws {
    let payload = String(
      decoding: try JSONSerialization.data(withJSONObject: ["agent": name]), as: UTF8.self)
    let exporter = try RoutedExporter.reading([payload])
    let body = try await exporter.ask("/api/v1/evidence?format=csv").body
    #expect(body.contains("\r\n1,metacognitive_agent_execution,\(cell),,,,"))
  }

  @Test(arguments: [true, false])
  func aLongExportHasEveryRowOnce(keepsState: Bool) async throws {
    let store = try TemporaryStore()
    try store.append(3210)
    let exporter = try RoutedExporter(stores: [store.path], keepsState: keepsState)
    exporter.readStores()
    for format in ["ndjson", "csv"] {
      let body = try await exporter.ask("/api/v1/evidence?format=" + format).body
      let ids = body.matches(of: /(?m)^(?:\{"id":)?(\d+),/).compactMap { Int($0.1) }
      #expect(ids == Array(1...3210))
      #expect(body.hasSuffix(format == "csv" ? "# end,3210\r\n" : "{\"end\":true,\"rows\":3210}\n"))
    }
  }

  @Test func headOfAnExportHasNoBody() async throws {
    let exporter = try RoutedExporter.reading()
    for _ in 0..<70 {
      let answer = try await exporter.ask("/api/v1/evidence?format=csv", .head)
      #expect(answer.status == 200 && answer.body.isEmpty)
      #expect(try await exporter.ask("/api/v1/events", .head).status == 200)
    }
  }

  @Test func aStoreThatCannotBeReadHasNoExport() async throws {
    let exporter = try RoutedExporter()
    #expect(try await exporter.api("/evidence?format=csv").status == 503)
  }
}
