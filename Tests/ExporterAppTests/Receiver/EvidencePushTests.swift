import Foundation
import HTTPTypes
import NIOCore
import ReflexiveCore
import TestSupport
import Testing

@testable import ExporterApp

/// `POST /api/v1/evidence` as a client meets it.
struct EvidencePushTests {
  private static let ndjson = "application/x-ndjson"
  private static let run =
    #"{"event":"metacognitive_agent_execution","agent":"A","output_quality":0.5}"#

  /// An exporter of stores that receive.
  private func exporter(
    _ stores: [TemporaryStore], more: String = "", web: String? = nil
  ) throws -> RoutedExporter {
    let entries = stores.enumerated().map { index, store in
      "  - { path: \"\(store.path)\", name: s\(index), receive: true }\n"
    }
    return try RoutedExporter(web: web, receiving: "stores:\n" + entries.joined() + more)
  }

  private func push(
    _ exporter: RoutedExporter, _ body: String, _ type: String = ndjson, query: String = "",
    _ headers: HTTPFields = [:]
  ) async throws -> (status: Int, json: Parsed, headers: HTTPFields) {
    try await push(exporter, Array(body.utf8), type, query: query, headers)
  }

  private func push(
    _ exporter: RoutedExporter, _ body: [UInt8], _ type: String = ndjson, query: String = "",
    _ headers: HTTPFields = [:]
  ) async throws -> (status: Int, json: Parsed, headers: HTTPFields) {
    var headers = headers
    headers[.contentType] = type
    let answer = try await exporter.ask(
      "/api/v1/evidence" + query, .post, headers: headers, body: body)
    return (answer.status, try Parsed(answer.body), answer.headers)
  }

  private func key(_ text: String) throws -> HTTPFields {
    [try #require(HTTPField.Name("Idempotency-Key")): text]
  }

  @Test func linesAreWrittenAsTheyCameAndTheirIDsAnswered() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    let second = #"{"event": "a \"b\"", "timestamp": 1700000000.5, "x": "ü"}"#
    let answer = try await push(exporter, "\n \t\(Self.run) \r\n\n\(second)")
    #expect(answer.status == 201)
    #expect(answer.json.ids.list.map(\.int) == [1, 2] && answer.json.rows.int == 2)
    #expect(try store.value("SELECT payload FROM evidence WHERE id = 1") == Self.run)
    #expect(try store.value("SELECT payload FROM evidence WHERE id = 2") == second)
    #expect(try store.value("SELECT event FROM evidence WHERE id = 2") == "a \"b\"")
    #expect(
      try store.value("SELECT ts FROM evidence WHERE id = 2") == "2023-11-14T22:13:20.500000Z")
    exporter.readStores()
    let rows = try await exporter.api("/evidence?agent=A").json.rows.list
    #expect(rows.map(\.score.number) == [0.5])
  }

  @Test func oneObjectMayStandOnSeveralLines() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    let answer = try await push(
      exporter, "\n{\n \"event\":\n\"x\"}\n", "Application/JSON; Charset=\"UTF-8\"")
    #expect(answer.status == 201 && answer.json.rows.int == 1)
    #expect(try store.value("SELECT payload FROM evidence") == "{\n \"event\":\n\"x\"}")
  }

  @Test func gzipIsTaken() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    let body = try #require(Gzip().compress(ByteBuffer(string: Self.run).readableBytesView))
    #expect(try await push(exporter, body, Self.ndjson, [.contentEncoding: "gzip"]).status == 201)
    let cut = Array(body.dropLast(2))
    #expect(try await push(exporter, cut, Self.ndjson, [.contentEncoding: "gzip"]).status == 400)
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
  }

  @Test func oneBadLineRefusesAllAndEachIsNamed() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    let bad = [
      Self.run, "", #"{"event":"quality_gate_evaluation","self_assessment":{"consistency":2}}"#,
      "{", "[]", #"{"event":""}"#, "{}", #"{"event":"x","timestamp":"yesterday"}"#,
      #"{"event":"x","timestamp":4000000000}"#, #"{"event":"x","rmm_score":true}"#,
      #"{"event":"x","rmm_score":1e999}"#,
    ]
    let answer = try await push(exporter, bad.joined(separator: "\n"))
    #expect(answer.status == 422)
    #expect(answer.headers[.contentType] == "application/problem+json")
    let errors = answer.json.errors.list
    #expect(errors.map(\.line.int) == [3, 4, 5, 6, 7, 8, 9, 10, 11])
    #expect(
      errors.map(\.reason.text) == [
        "out_of_range", "invalid_json", "not_object", "bad_event", "bad_event", "bad_timestamp",
        "future_timestamp", "wrong_type", "non_finite",
      ])
    #expect(
      errors.map(\.field.text) == [
        "self_assessment.consistency", nil, nil, "event", "event", "timestamp", "timestamp",
        "rmm_score", "rmm_score",
      ])
    #expect(answer.json.detail.text?.hasPrefix("9 of 10 payloads") == true)
    #expect(try store.value("SELECT count(*) FROM evidence") == "0")
    let page = try await exporter.ask("/metrics").body
    for line in [
      #"rejected_total{store="s0",protocol="evidence",reason="bad_event"} 2"#,
      #"rejected_total{store="s0",protocol="evidence",reason="non_finite"} 1"#,
      #"rejected_total{store="s0",protocol="evidence",reason="too_large"} 0"#,
      #"rows_total{store="s0",protocol="evidence"} 0"#,
    ] {
      #expect(page.contains("reflexive_receiver_\(line)\n"), "\(line)")
    }
  }

  @Test func atMostTwentyFaultsAreNamed() async throws {
    let exporter = try exporter([TemporaryStore()])
    let answer = try await push(exporter, String(repeating: "x\n", count: 100))
    #expect(answer.json.errors.list.count == 20)
    #expect(answer.json.detail.text?.hasPrefix("100 of 100 payloads") == true)
  }

  @Test func theFaultOfOneObjectIsAPointer() async throws {
    let exporter = try exporter([TemporaryStore()])
    let evaluation = #"{"event":"quality_gate_evaluation","self_assessment":{"confidence":"x"}}"#
    let answer = try await push(exporter, evaluation, "application/json")
    #expect(answer.json.errors[0].pointer.text == "/self_assessment/confidence")
    #expect(answer.json.errors[0].names == ["pointer", "reason", "field"])
    #expect(try await push(exporter, "{", "application/json").json.errors[0].pointer.text == "")
  }

  @Test func thePayloadLimitAndTheScaleOfTheStoreHold() async throws {
    let store = try TemporaryStore()
    let exporter = try RoutedExporter(
      receiving: """
        stores: [{ path: "\(store.path)", receive: true, score_scale: 100 }]
        limits: { payload_bytes: 1KiB }
        """)
    let run = #"{"event":"metacognitive_agent_execution","output_quality":86}"#
    #expect(try await push(exporter, run).status == 201)
    let long = #"{"event":"x","a":"\#(String(repeating: "a", count: 1024))"}"#
    #expect(try await push(exporter, long).json.errors[0].reason.text == "too_large")
  }

  @Test(arguments: ["", "\n", " \r\n\t\n"]) func aBodyWithoutAPayloadIsBad(body: String)
    async throws
  {
    let exporter = try exporter([TemporaryStore()])
    for type in EvidencePushRoute.mediaTypes {
      #expect(try await push(exporter, body, type).status == 400)
    }
  }

  @Test(arguments: [
    "text/plain", "application/x-ndjson; charset=latin1", "application/json, application/json",
    "application/jsonx", "application/x-www-form-urlencoded", "",
  ])
  func anotherTypeIsNotTaken(type: String) async throws {
    #expect(try await push(exporter([TemporaryStore()]), Self.run, type).status == 415)
  }

  @Test(arguments: ["br", "deflate", "gzip, gzip", "zstd"])
  func anotherCodingIsNotTaken(coding: String) async throws {
    let answer = try await push(
      exporter([TemporaryStore()]), Self.run, Self.ndjson, [.contentEncoding: coding])
    #expect(answer.status == 415 && answer.headers[.acceptEncoding] == "gzip")
  }

  @Test func aLargeBodyIsNotTakenBeforeAndAfterDecompression() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(
      [store], more: "receiver: { max_bytes: 1KiB, queue_bytes: 2KiB }\n")
    let blanks = String(repeating: " ", count: 1025 - Self.run.utf8.count) + Self.run
    #expect(try await push(exporter, blanks).status == 413)
    #expect(try await push(exporter, String(blanks.dropFirst())).status == 201)
    let gzip = try #require(Gzip().compress(ByteBuffer(string: blanks).readableBytesView))
    #expect(try await push(exporter, gzip, Self.ndjson, [.contentEncoding: "gzip"]).status == 413)
  }

  @Test func whatWaitsIsBounded() async throws {
    let exporter = try exporter(
      [TemporaryStore()], more: "receiver: { max_bytes: 1KiB, queue_bytes: 1KiB }\n")
    let place = exporter.receiver.queue.place(for: "s0")
    #expect(place.grow(by: 1000, limit: 1024))
    let answer = try await push(exporter, Self.run)
    #expect(answer.status == 429 && answer.headers[.retryAfter] == "1")
    #expect(
      try await exporter.ask("/metrics").body
        .contains(#"reflexive_receiver_queue_bytes{store="s0"} 1000"#))
    withExtendedLifetime(place) {}
  }

  @Test func theBytesOfAPushLeaveTheQueueWithIt() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    #expect(try await push(exporter, Self.run).status == 201)
    let page = try await exporter.ask("/metrics").body
    #expect(page.contains(#"reflexive_receiver_queue_bytes{store="s0"} 0"#))
    #expect(page.contains(#"reflexive_receiver_rows_total{store="s0",protocol="evidence"} 1"#))
    #expect(page.contains(#"reflexive_receiver_last_success_timestamp_seconds{store="s0"} "#))
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
  }

  // MARK: - Once

  @Test func theSameKeyAndBodyAreOnePush() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    let first = try await push(exporter, Self.run, Self.ndjson, try key("k"))
    let again = try await push(exporter, Self.run, Self.ndjson, try key("k"))
    #expect(first.status == 201 && again.status == 201 && first.json == again.json)
    let replayed = try #require(HTTPField.Name("Idempotent-Replayed"))
    #expect(first.headers[replayed] == nil && again.headers[replayed] == "true")
    #expect(try await push(exporter, Self.run + " ", Self.ndjson, try key("k")).status == 422)
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
    let page = try await exporter.ask("/metrics").body
    #expect(page.contains(#"reflexive_receiver_rows_total{store="s0",protocol="evidence"} 1"#))
  }

  @Test func aRefusedPushDoesNotTakeItsKey() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    #expect(try await push(exporter, "{", Self.ndjson, try key("k")).status == 422)
    #expect(try await push(exporter, Self.run, Self.ndjson, try key("k")).status == 201)
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
  }

  @Test func withoutAKeyTheBodyIsOneIfEveryRunHasATime() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    let timed = #"{"event":"x","timestamp":1700000000}"#
    for _ in 1...2 {
      #expect(try await push(exporter, timed).json.ids.list.map(\.int) == [1, 1])
    }
    for _ in 1...2 { #expect(try await push(exporter, Self.run).status == 201) }
    for _ in 1...2 { #expect(try await push(exporter, timed + "\n" + Self.run).status == 201) }
    #expect(try store.value("SELECT count(*) FROM evidence") == "7")
  }

  @Test func pushesAtTheSameTimeWithOneKeyAreOne() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    let fields = try key("k")
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 1...20 {
        group.addTask { try await push(exporter, Self.run, Self.ndjson, fields).status }
      }
      for try await status in group { #expect(status == 201) }
    }
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
  }

  @Test(arguments: ["", String(repeating: "k", count: 256), "a\u{FFFD}"])
  func aKeyHasALengthAndIsUTF8(text: String) async throws {
    let answer = try await push(
      exporter([TemporaryStore()]), Self.run, Self.ndjson, try key(text))
    #expect(answer.status == 400)
    #expect(answer.json.errors[0].pointer.text == "/Idempotency-Key")
  }

  @Test func aRepeatedKeyIsBad() async throws {
    var fields = try key("a")
    fields.append(HTTPField(name: try #require(HTTPField.Name("Idempotency-Key")), value: "a"))
    #expect(
      try await push(exporter([TemporaryStore()]), Self.run, Self.ndjson, fields).status == 400)
  }

  // MARK: - Where

  @Test func oneOfSeveralStoresHasToBeNamed() async throws {
    let stores = [try TemporaryStore(), try TemporaryStore()]
    let exporter = try exporter(stores)
    let answer = try await push(exporter, Self.run)
    #expect(answer.status == 400 && answer.json.errors[0].reason.text == "expected one of s0, s1")
    #expect(try await push(exporter, Self.run, query: "?store=s1").status == 201)
    #expect(try await push(exporter, Self.run, query: "?store=x").status == 404)
    #expect(try await push(exporter, Self.run, query: "?x=1").status == 400)
    #expect(try stores[1].value("SELECT count(*) FROM evidence") == "1")
  }

  @Test func aStoreThatDoesNotReceiveKeepsEveryByte() async throws {
    let (other, receiving) = (try TemporaryStore(), try TemporaryStore())
    let exporter = try RoutedExporter(
      receiving: """
        stores:
          - { path: "\(other.path)", name: other }
          - { path: "\(receiving.path)", name: receiving, receive: true }
        """)
    let before = try Data(contentsOf: URL(fileURLWithPath: other.path))
    let answer = try await push(exporter, Self.run, query: "?store=other")
    #expect(answer.status == 404)
    #expect(answer.json.errors[0].reason.text == "expected one of receiving")
    #expect(try Data(contentsOf: URL(fileURLWithPath: other.path)) == before)
    #expect(try other.files == ["evidence.db"])
    let stores = try await exporter.api("/stores").json.stores.list
    #expect(stores.map(\.receives.bool) == [false, true])
    let page = try await exporter.ask("/metrics").body
    #expect(!page.contains(#"receiver_rows_total{store="other""#))
  }

  @Test func whereNoStoreReceivesThereIsNothingToPushTo() async throws {
    let exporter = try RoutedExporter()
    let answer = try await push(exporter, Self.run)
    #expect(answer.status == 404)
    #expect(answer.json.detail.text?.contains("receive: true") == true)
    #expect(try await !exporter.ask("/metrics").body.contains("reflexive_receiver_rows_total{"))
  }

  @Test func withoutAUserNothingIsWritten() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter(
      [store],
      web: "basic_auth_users: { ada: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW }"
    )
    #expect(try await push(exporter, Self.run).status == 401)
    #expect(try store.value("SELECT count(*) FROM evidence") == "0")
  }

  @Test func aLockedDatabaseIsSaidAndTheRetryIsWrittenOnce() async throws {
    let store = try TemporaryStore()
    let exporter = try exporter([store])
    try store.execute("BEGIN IMMEDIATE")
    let locked = try await push(exporter, Self.run, Self.ndjson, try key("k"))
    #expect(locked.status == 503 && locked.headers[.retryAfter] == "1")
    #expect(locked.json.detail.text == "The database is locked by another writer.")
    try store.execute("COMMIT")
    #expect(try await push(exporter, Self.run, Self.ndjson, try key("k")).status == 201)
    #expect(try store.value("SELECT count(*) FROM evidence") == "1")
  }

  @Test func aMissingDatabaseIsNotMade() async throws {
    let exporter = try RoutedExporter(receiving: "stores: [{ path: DIR/no.db, receive: true }]")
    let answer = try await push(exporter, Self.run)
    #expect(answer.status == 503 && answer.headers[.retryAfter] == "1")
    #expect(answer.json.detail.text == "There is no database to write to.")
  }

  @Test func theTableOfKeysDoesNotMakeTheStoreAnother() async throws {
    for journal in ["delete", "wal"] {
      let store = try TemporaryStore(journal: journal)
      try store.append(3)
      let exporter = try exporter([store])
      exporter.readStores()
      #expect(try await push(exporter, Self.run, Self.ndjson, try key("k")).status == 201)
      exporter.readStores()
      let page = try await exporter.ask("/metrics").body
      #expect(page.contains(#"reflexive_store_tail_id{store="s0"} 4"#))
      for reason in ["replaced", "truncated", "recreated"] {
        #expect(page.contains(#"resets_total{store="s0",reason="\#(reason)"} 0"#))
      }
    }
  }

  /// What the OpenAPI document says of a push is what happens.
  @Test func everyStatusOfTheDocumentHappens() async throws {
    let store = try TemporaryStore()
    let small = try exporter([store], more: "receiver: { max_bytes: 1KiB, queue_bytes: 1KiB }\n")
    let document = try await small.api("/openapi.json").json.paths["/api/v1/evidence"].post
    let documented = Set(document.responses.names.compactMap { Int($0) })
    let full = small.receiver.queue.place(for: "s0")
    var seen: Set<Int> = []
    seen.insert(try await push(small, Self.run).status)
    seen.insert(try await push(small, "").status)
    seen.insert(try await push(small, "{").status)
    seen.insert(try await push(small, Self.run, "text/plain").status)
    seen.insert(try await push(small, Self.run, query: "?store=x").status)
    seen.insert(try await push(small, String(repeating: " ", count: 1025)).status)
    #expect(full.grow(by: 1024, limit: 1024))
    seen.insert(try await push(small, Self.run).status)
    withExtendedLifetime(full) {}
    let missing = try RoutedExporter(receiving: "stores: [{ path: DIR/no.db, receive: true }]")
    seen.insert(try await push(missing, Self.run).status)
    let web =
      "basic_auth_users: { ada: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW }"
    seen.insert(try await push(exporter([store], web: web), Self.run).status)
    #expect(seen == documented)
  }
}
