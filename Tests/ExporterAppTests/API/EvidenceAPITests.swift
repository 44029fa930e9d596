import Foundation
import HTTPTypes
import ReflexiveCore
import TestSupport
import Testing

@testable import ExporterApp

/// Rows through the API.
struct EvidenceAPITests {
  @Test func aPageOfRowsHasTheNewestFirst() async throws {
    let page = try await RoutedExporter.reading().api("/evidence?limit=4").json
    #expect(
      page.names == ["store", "rows", "matches", "rows_total", "complete", "next", "previous"])
    #expect(page.store.text == "evidence")
    #expect(page.rows.list.map(\.id.int) == [9, 8, 7, 6])
    #expect(page.matches.int == 9 && page.rows_total.int == 9 && page.complete.bool == true)
    #expect(page.next.text == "/api/v1/evidence?limit=4&before=6" && page.previous.isNull)
  }

  @Test func aRowHasItsMembersAndNoOthers() async throws {
    let exporter = try RoutedExporter.reading()
    let evaluation = try await exporter.api("/evidence").json.rows[0]
    #expect(evaluation.names == Set(ListedEvidence.memberNames))
    #expect(evaluation.event.text == "quality_gate_evaluation" && evaluation.gate.text == "Safety")
    #expect(evaluation.agent.isNull && evaluation.subject.isNull && evaluation.rejection.isNull)
    #expect(evaluation.score.number == 0.7 && evaluation.consistency.number == 0.82)
    #expect(evaluation.confidence.number == 0.8 && evaluation.threshold.number == 0.7)
    #expect(evaluation.calibration_needed.bool == false && evaluation.rmm_score.isNull)
    let time = try #require(evaluation.evidence_time.text)
    #expect(try #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/#.wholeMatch(in: time) != nil)
    let milliseconds = try #require(evaluation.evidence_ms.int)
    #expect(abs(Double(milliseconds) / 1000 - Date().timeIntervalSince1970) < 3600)
    let execution = try await exporter.api("/evidence/1").json
    #expect(execution.names == Set(ListedEvidence.memberNames + ["payload"]))
    #expect(execution.agent.text == "Planner" && execution.subject.text == "Planner")
    #expect(execution.payload.text?.contains("\"output_quality\": 0.4") == true)
  }

  @Test(arguments: [
    ("agent=Planner", 5), ("gate=Safety", 4), ("agent=Planner&score_max=0.5", 3),
    ("consistency_min=0.82", 3), ("rejected=any", 0), ("event=nothing", 0), ("since=1h", 9),
    ("until=2020-01-01T00:00:00Z", 0), ("score_min=1&score_max=0", 0), ("agent=", 9),
    ("agent=&score_min=&since=&before=&limit=&format=&rejected=&store=", 9),
  ])
  func aFilterIsCounted(query: String, count: Int) async throws {
    let page = try await RoutedExporter.reading().api("/evidence?" + query).json
    #expect(page.matches.int == count && page.rows.list.count == count)
    #expect(page.rows_total.int == 9)
  }

  @Test func pagesLeadFromOneToTheNextUnderTheFilter() async throws {
    let address = try WebAddress(externalURL: "http://example.org/out", routePrefix: "/in")
    let exporter = try RoutedExporter.reading(address: address)
    var path: String? = "/in/api/v1/evidence?agent=Planner&limit=2&format=json"
    var ids: [Int?] = []
    var previous: [String?] = []
    while let asked = path {
      let page = try Parsed(try await exporter.ask(asked).body)
      ids += page.rows.list.map(\.id.int)
      previous.append(page.previous.text)
      path = page.next.text
      if let next = path {
        let start = "/out/api/v1/evidence?agent=Planner&limit=2&format=json&before="
        #expect(next.hasPrefix(start))
        path = "/in" + next.dropFirst(4)
      }
    }
    #expect(ids == [5, 4, 3, 2, 1])
    #expect(
      previous == [
        nil, "/out/api/v1/evidence?agent=Planner&limit=2&format=json&after=3",
        "/out/api/v1/evidence?agent=Planner&limit=2&format=json&after=1",
      ])
  }

  @Test func withoutAnIndexMatchesAreNotCounted() async throws {
    let exporter = try RoutedExporter.reading(keepsState: false)
    let page = try await exporter.api("/evidence?agent=Planner&limit=2").json
    #expect(page.complete.bool == false && page.matches.isNull && page.rows_total.isNull)
    #expect(page.rows.list.map(\.id.int) == [5, 4])
    #expect(page.next.text == "/api/v1/evidence?agent=Planner&limit=2&before=4")
  }

  @Test func aRowThatIsGoneIsGoneAndOneThatNeverWasIsNotFound() async throws {
    let store = try TemporaryStore()
    try store.append(5)
    let exporter = try RoutedExporter(stores: [store.path], keepsState: true)
    exporter.readStores()
    try store.execute("DELETE FROM evidence WHERE id = 3")
    let gone = try await exporter.api("/evidence/3")
    #expect(gone.status == 410 && gone.json.title.text == "Gone")
    #expect(gone.json.detail.text?.contains("deleted, or never written") == true)
    for id in ["6", "99999999999999999999", "x", "1.0", "%00", "%ff", "%20"] {
      let never = try await exporter.api("/evidence/" + id)
      #expect(never.status == 404 && never.json.status.int == 404)
    }
    #expect(try await exporter.api("/evidence/4").json.id.int == 4)
  }

  private static let payloads: [(String, String?, String?)] = [
    ("'{'", "invalid_json", "{"), ("NULL", "invalid_json", nil),
    ("x'ff41'", "invalid_json", "\u{fffd}A"),
    ("'[\"\u{2028}\u{1}\"]'", nil, "[\"\u{2028}\u{1}\"]"),
  ]

  @Test(arguments: payloads)
  func aPayloadIsTheStoredText(payload: String, rejection: String?, text: String?) async throws {
    let store = try TemporaryStore()
    try store.execute(
      "INSERT INTO evidence (event, payload, ts) VALUES ('e', \(payload), '1e999')")
    let exporter = try RoutedExporter(stores: [store.path], keepsState: true)
    exporter.readStores()
    let row = try await exporter.api("/evidence/1").json
    #expect(row.payload.text == text)
    #expect(rejection == nil || row.rejection.text == rejection)
    #expect(row.evidence_time.isNull && row.evidence_ms.isNull)
  }

  private static let times: [(String, String?, Int?)] = [
    ("1e300", nil, nil), ("'-62135596800'", "0001-01-01T00:00:00.000000Z", -62_135_596_800_000),
    ("-62135596800.001", nil, nil), ("253402300800", nil, nil),
    ("'1969-12-31T23:59:59.9995Z'", "1969-12-31T23:59:59.999500Z", -1),
    ("'2026-11-25T08:00:00.908506Z'", "2026-11-25T08:00:00.908506Z", 1_795_593_600_908),
  ]

  @Test(arguments: times)
  func aTimeIsNullWhereNoCalendarHasIt(
    time: String, text: String?, milliseconds: Int?
  ) async throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      DROP TABLE evidence; CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, ts);
      INSERT INTO evidence (event, payload, ts) VALUES ('e', '{}', \(time))
      """)
    let exporter = try RoutedExporter(stores: [store.path], keepsState: true)
    exporter.readStores()
    let row = try await exporter.api("/evidence").json.rows[0]
    #expect(row.evidence_time.text == text && row.evidence_ms.int == milliseconds)
  }

  @Test func aStoreThatCannotBeReadIsUnavailable() async throws {
    let exporter = try RoutedExporter()
    exporter.readStores()
    let answer = try await exporter.api("/evidence?agent=x%0Ay")
    #expect(answer.status == 503 && answer.headers[.retryAfter] == "1")
    #expect(answer.json.detail.text?.contains("agent=x\\ny") == true)
    #expect(try await exporter.api("/stores").status == 200)
  }
}
