import Foundation
import HTTPTypes
import NIOCore
import OpenTelemetryLogs
import ReflexiveCore
import TestSupport
import Testing

@testable import ConfigurationFiles
@testable import ExporterApp

/// `POST /v1/logs` as an exporter of OpenTelemetry meets it.
struct LogsPushTests {
  private static let scores =
    "receiver: { otlp: { scores: [{ name: q, as: output_quality, scale: 5 }, { name: m, as: rmm_score }] } }"

  private func exporter(_ store: TemporaryStore, scale: Int = 1) throws -> RoutedExporter {
    try RoutedExporter(
      receiving: """
        stores: [{ path: "\(store.path)", name: s, receive: true, score_scale: \(scale) }]
        \(Self.scores)
        """)
  }

  private func push(
    _ exporter: RoutedExporter, _ body: String, _ type: String = "application/json",
    _ headers: HTTPFields = [:]
  ) async throws -> RoutedExporter.Answer {
    var headers = headers
    headers[.contentType] = type
    return try await exporter.ask("/v1/logs", .post, headers: headers, body: Array(body.utf8))
  }

  /// A request of one record with these attributes, at a time.
  private func request(_ attributes: [String: String], more: String = "") -> String {
    let list = attributes.sorted { $0.key < $1.key }
      .map { #"{"key":"\#($0.key)","value":\#($0.value)}"# }.joined(separator: ",")
    return """
      {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":\
      {"stringValue":"svc"}}]},"scopeLogs":[{"logRecords":[{"eventName":"gen_ai.evaluation.result",\
      "observedTimeUnixNano":"1795680000123456789",\(more)"attributes":[\(list)]}]}]}]}
      """
  }

  private func text(_ text: String) -> String { #"{"stringValue":"\#(text)"}"# }

  private func payload(_ store: TemporaryStore) throws -> Parsed {
    try Parsed(store.value("SELECT payload FROM evidence ORDER BY id DESC LIMIT 1") ?? "")
  }

  @Test func anEvaluationThatIsMappedIsARun() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store, scale: 10)
    let answer = try await push(
      exporter,
      request(
        [
          "gen_ai.evaluation.name": text("q"),
          "gen_ai.evaluation.score.value": #"{"doubleValue":4}"#,
          "gen_ai.evaluation.score.label": text("good"),
          "gen_ai.evaluation.explanation": text("because"), "gen_ai.response.id": text("r"),
          "gen_ai.evaluation.target": text("fn"), "gen_ai.agent.name": text("Planner"),
          "user.id": text("ada"),
        ],
        more: #""traceId":"0102030405060708090a0b0c0d0e0fAF","spanId":"0000000000000000","#))
    #expect(answer.status == 200 && answer.body == "{}")
    #expect(answer.headers[.contentType] == "application/json")
    let row = try payload(store)
    #expect(
      row.names == [
        "event", "agent", "output_quality", "evaluation", "timestamp", "trace_id", "detail",
      ])
    #expect(row.event.text == "metacognitive_agent_execution" && row.agent.text == "Planner")
    #expect(row.output_quality.number == 8 && row.evaluation.text == "q")
    #expect(row.timestamp.text == "2026-11-26T08:00:00.123456789Z")
    #expect(row.trace_id.text == "0102030405060708090a0b0c0d0e0faf")
    #expect(
      row.detail.names == [
        "gen_ai.evaluation.score.label", "gen_ai.evaluation.explanation", "gen_ai.response.id",
        "gen_ai.evaluation.target",
      ])
    #expect(try store.value("SELECT ts FROM evidence") == "2026-11-26T08:00:00.123456Z")
    exporter.readStores()
    #expect(
      try await exporter.api("/evidence?agent=Planner").json.rows.list.map(\.score.number) == [0.8])
  }

  @Test func whatIsNotMappedNeverDilutesAScore() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    for name in [["gen_ai.evaluation.name": text("safety")], [:]] {
      let attributes = name.merging([
        "gen_ai.evaluation.score.value": #"{"intValue":"1"}"#,
        "gen_ai.evaluation.target": text("fn"),
      ]) { $1 }
      #expect(try await push(exporter, request(attributes)).status == 200)
      let row = try payload(store)
      #expect(row.event.text == "gen_ai.evaluation.result" && row.agent.text == "fn")
      #expect(row.output_quality.isNull && row.rmm_score.isNull)
      #expect(row.detail["gen_ai.evaluation.score.value"].number == 1)
      #expect(row.evaluation.text == (name.isEmpty ? nil : "safety"))
    }
  }

  @Test func maturityIsAScoreOfItsOwnAndTheServiceStandsForTheAgent() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    let answer = try await push(
      exporter,
      request([
        "gen_ai.evaluation.name": text("m"),
        "gen_ai.evaluation.score.value": #"{"doubleValue":0.5}"#,
        "gen_ai.evaluation.target": text(""),
      ]))
    #expect(answer.status == 200)
    let row = try payload(store)
    #expect(row.event.text == "gen_ai.evaluation.result" && row.rmm_score.number == 0.5)
    #expect(row.agent.text == "svc")
  }

  @Test func anErrorIsARunWithoutAScore() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    let answer = try await push(
      exporter,
      request([
        "gen_ai.evaluation.name": text("q"), "error.type": text("ValueError"),
        "gen_ai.evaluation.score.value": #"{"doubleValue":"NaN"}"#,
      ]))
    #expect(answer.status == 200)
    let row = try payload(store)
    #expect(row.event.text == "metacognitive_agent_execution" && row.output_quality.isNull)
    #expect(row.detail["error.type"].text == "ValueError")
  }

  @Test func ofTwoAttributesWithOneKeyTheLastCountsWhereverItStands() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    func list(_ pairs: [(String, Int)]) -> String {
      pairs.map { #"{"key":"gen_ai.evaluation.\#($0.0)","value":{"intValue":\#($0.1)}}"# }
        .joined(separator: ",")
    }
    func send(_ attributes: String) async throws -> Int {
      let body = #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[\#(attributes)],"#
      return try await push(
        exporter, body + #""eventName":"gen_ai.evaluation.result"}]}]}]}"#
      ).status
    }
    #expect(try await send(list([("x", 1), ("y", 2), ("x", 3)])) == 200)
    let payload = try store.value("SELECT payload FROM evidence") ?? ""
    #expect(payload.hasSuffix(#"{"gen_ai.evaluation.y":2,"gen_ai.evaluation.x":3}}"#))
    // Were each held against all before it, this would take minutes.
    let start = ContinuousClock.now
    #expect(try await send(list((0..<20_000).map { (String($0), 1) })) == 200)
    #expect(start.duration(to: .now) < .seconds(20))
  }

  @Test func anExplanationIsCutBetweenLetters() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    let long = "a" + String(repeating: "ü", count: 5000)
    _ = try await push(exporter, request(["gen_ai.evaluation.explanation": text(long)]))
    let kept = try payload(store).detail["gen_ai.evaluation.explanation"].text
    #expect(kept == "a" + String(repeating: "ü", count: 2047))
  }

  @Test(arguments: [
    (#"{"doubleValue":6}"#, "out_of_range"), (#"{"doubleValue":"NaN"}"#, "non_finite"),
    (#"{"doubleValue":"Infinity"}"#, "non_finite"), (#"{"boolValue":true}"#, "wrong_type"),
    (#"{"stringValue":"5"}"#, "wrong_type"), (#"{"arrayValue":{}}"#, "wrong_type"),
  ])
  func aScoreThatCannotBeUsedIsAPartialSuccess(value: String, reason: String) async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    let bad = request(["gen_ai.evaluation.name": text("q"), "gen_ai.evaluation.score.value": value])
    let answer = try await push(exporter, bad)
    #expect(answer.status == 200)
    let partial = try Parsed(answer.body).partialSuccess
    #expect(partial.rejectedLogRecords.text == "1")
    #expect(partial.errorMessage.text?.isEmpty == false)
    #expect(try store.value("SELECT count(*) FROM evidence") == "0")
    let page = try await exporter.ask("/metrics").body
    #expect(
      page.contains(#"rejected_total{store="s",protocol="otlp",reason="\#(reason)"} 1"#), "\(page)")
  }

  @Test func theSameRequestIsOnePushAndItsAnswerTheSame() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    let good = request(["gen_ai.evaluation.name": text("q")])
    for _ in 1...2 { #expect(try await push(exporter, good).body == "{}") }
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
    let key: HTTPFields = [try #require(HTTPField.Name("Idempotency-Key")): "k"]
    let bad = request([
      "gen_ai.evaluation.name": text("q"), "gen_ai.evaluation.score.value": #"{"doubleValue":7}"#,
    ])
    let first = try await push(exporter, bad, "application/json", key)
    #expect(try await push(exporter, bad, "application/json", key).body == first.body)
    #expect(first.body.contains("rejectedLogRecords"))
    #expect(try await push(exporter, good, "application/json", key).status == 422)
    let page = try await exporter.ask("/metrics").body
    #expect(page.contains(#"rejected_total{store="s",protocol="otlp",reason="out_of_range"} 1"#))
  }

  @Test func otherEventsAreIgnoredAndCounted() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(store)
    let other = request([:]).replacing("gen_ai.evaluation.result", with: "other")
    #expect(try await push(exporter, other).body == "{}")
    #expect(try await push(exporter, "{}").body == "{}")
    #expect(try await push(exporter, "", "application/x-protobuf").body == "")
    #expect(try store.files == ["evidence.db"])
    #expect(
      try store.value("SELECT count(*) FROM sqlite_master WHERE name LIKE 'reflexive%'") == "0")
    let page = try await exporter.ask("/metrics").body
    #expect(page.contains(#"rejected_total{store="s",protocol="otlp",reason="other_event"} 1"#))
  }

  /// `google.rpc.Status`, in the encoding of the request.
  @Test func errorsAreAnsweredInKind() async throws {
    let exporter = try exporter(TemporaryStore())
    let json = try await push(exporter, "{")
    #expect(json.status == 400 && json.headers[.contentType] == "application/json")
    #expect(try Parsed(json.body).names == ["code", "message"])
    #expect(try Parsed(json.body).code.int == 3)
    let binary = try await push(exporter, "{", "application/x-protobuf")
    #expect(binary.status == 400 && binary.headers[.contentType] == "application/x-protobuf")
    #expect(binary.body.utf8.starts(with: [0x08, 3, 0x12]))
    #expect(binary.body.contains("The body can't be read"))
    #expect(try await push(exporter, "{}", "text/plain").status == 415)
    #expect(
      try await push(exporter, "{}", "application/json", [.contentEncoding: "br"]).status == 415)
    let nowhere = try await push(RoutedExporter(), "{}")
    #expect(nowhere.status == 404)
    #expect(try Parsed(nowhere.body).code.int == 5)
    #expect(try await exporter.ask("/v1/logs").headers[.allow] == "POST")
  }
}
