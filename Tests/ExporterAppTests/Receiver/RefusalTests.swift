import Foundation
import HTTPTypes
import ReflexiveCore
import TestSupport
import Testing

@testable import ExporterApp

/// What was refused is on `/status`, because clients do not tell.
struct RefusalTests {
  private func push(
    _ exporter: RoutedExporter, _ body: String, _ type: String, to path: String = "/api/v1/evidence"
  ) async throws -> Int {
    try await exporter.ask(path, .post, headers: [.contentType: type], body: Array(body.utf8))
      .status
  }

  @Test func refusalsAreShownWithoutAPayload() async throws {
    let store = try TemporaryStore()
    let exporter = try RoutedExporter(
      receiving: """
        stores: [{ path: "\(store.path)", name: s, receive: true }]
        receiver: { otlp: { scores: [{ name: q, as: rmm_score }] } }
        """)
    #expect(try await exporter.ask("/status").body.contains("No push was refused since the start."))
    let secret = #"{"event":"x"}\#n{"event":"x","rmm_score":7,"secret":"<b>confidential</b>"}"#
    #expect(try await push(exporter, secret, "application/x-ndjson") == 422)
    #expect(try await push(exporter, "{", "text/plain") == 415)
    let record = """
      {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"gen_ai.evaluation.result",\
      "attributes":[{"key":"gen_ai.evaluation.name","value":{"stringValue":"q"}},\
      {"key":"gen_ai.evaluation.score.value","value":{"doubleValue":7}}]}]}]}]}
      """
    #expect(try await push(exporter, record, "application/json", to: "/v1/logs") == 200)
    let page = try await exporter.ask("/status").body
    #expect(page.contains("out_of_range") && page.contains("expected application/json"))
    #expect(page.contains("1 evaluation can&#39;t be used"))
    #expect(!page.contains("confidential") && page.contains("receives evidence"))
    let latest = exporter.receiver.refusals.latest
    #expect(latest.map(\.status) == [200, 415, 422])
    #expect(latest.map(\.line) == [nil, nil, 2] && latest.map(\.store) == ["s", "s", "s"])
    #expect(latest.map(\.kind) == [.otlp, .evidence, .evidence])
  }

  @Test func theLastHundredAreKept() throws {
    let log = RefusalLog()
    for number in 1...250 {
      log.add(
        Refusal(
          time: UnixTime(seconds: Int64(number)), store: nil, kind: .evidence, status: 400,
          reason: "r"))
    }
    #expect(log.latest.map(\.time.seconds) == (151...250).reversed().map(Double.init))
  }

  @Test func whereNothingIsReceivedNothingIsSaidOfIt() async throws {
    #expect(try await !RoutedExporter().ask("/status").body.contains("Refused pushes"))
  }
}
