import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import ExporterApp

/// The document says what is served, and nothing else.
///
/// `RECORD_GOLDEN=1 swift test --filter OpenAPITests` writes `docs/openapi.json` anew, and fails.
struct OpenAPITests {
  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../docs/openapi.json").standardized

  @Test func theDocumentIsTheOneOfTheDocumentation() async throws {
    let served = try await RoutedExporter().ask("/api/v1/openapi.json").body
    let text = String(decoding: JSONIndenter.indent(Array(served.utf8)), as: UTF8.self) + "\n"
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(text.utf8).write(to: Self.golden)
      Issue.record("docs/openapi.json was written anew")
    }
    #expect(text == (try String(contentsOf: Self.golden, encoding: .utf8)))
  }

  @Test func everyRouteOfTheAPIIsInTheDocumentAndEveryPathOfItIsARoute() async throws {
    let exporter = try RoutedExporter()
    let documented = try await exporter.api("/openapi.json").json.paths.names
    // Every route has its own count of requests.
    let metrics = try await exporter.ask("/metrics").body
    let routes = metrics.matches(of: /http_requests_total\{handler="(\/api\/[^"]*)",code="200"/)
    #expect(Set(routes.map { String($0.1) }) == documented)
  }

  /// A route refuses what it does not know, so a parameter is known if it is not refused as unknown.
  @Test func everyParameterOfARouteIsInTheDocumentAndTheOtherWayRound() async throws {
    let exporter = try RoutedExporter.reading()
    let paths = try await exporter.api("/openapi.json").json.paths
    let all = Set(paths.names.flatMap { Self.parameters(paths[$0].get, "query") })
    #expect(all.isSuperset(of: EvidenceParameters.filterNames) && all.count == 19)
    for path in paths.names {
      let documented = Self.parameters(paths[path].get, "query")
      for name in all.union(["x"]) {
        let uri = path.replacing("{id}", with: "1") + "?\(name)=%FF"
        let detail = try Parsed(try await exporter.ask(uri).body).detail.text ?? ""
        #expect(!detail.contains("there is no such parameter") == documented.contains(name))
      }
      #expect(Self.parameters(paths[path].get, "path") == (path.contains("{id}") ? ["id"] : []))
    }
  }

  private static func parameters(_ operation: Parsed, _ place: String) -> Set<String> {
    Set(operation.parameters.list.filter { $0["in"].text == place }.compactMap(\.name.text))
  }

  /// Each status of each path is brought about, and none is answered that is not there.
  @Test func everyStatusIsInTheDocumentAndEveryStatusOfItHappens() async throws {
    let paths = try await RoutedExporter().api("/openapi.json").json.paths
    for path in paths.names {
      let get = paths[path].get
      let documented = Set(get.responses.names.compactMap { Int($0) })
      let seen = try await statuses(of: path, get)
      #expect(seen == documented, "\(path)")
      for status in documented where status >= 400 {
        let content = get.responses[String(status)].content
        #expect(content.names == ["application/problem+json"])
      }
    }
  }

  private func statuses(of path: String, _ operation: Parsed) async throws -> Set<Int> {
    let store = try TemporaryStore()
    try store.append(3)
    let exporter = try RoutedExporter(stores: [store.path], keepsState: true)
    exporter.readStores()
    try store.execute("DELETE FROM evidence WHERE id = 2")
    let unreadable = try RoutedExporter()
    unreadable.readStores()
    let guarded = try RoutedExporter(
      web: """
        basic_auth_users: { ada: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW }
        rate_limit: { interval: 1h, burst: 1 }
        """)
    let first = path.replacing("{id}", with: "1")
    let takesStore = Self.parameters(operation, "query").contains("store")
    var seen: Set<Int> = []
    func ask(_ exporter: RoutedExporter, _ path: String, _ headers: HTTPFields = [:]) async throws {
      // A stream has no end: its head says enough.
      let method: HTTPRequest.Method = path.hasPrefix("/api/v1/events") ? .head : .get
      seen.insert(try await exporter.ask(path, method, headers: headers).status)
    }
    try await ask(exporter, first)
    try await ask(exporter, first, [.ifNoneMatch: "*"])
    try await ask(exporter, first + "?x=1")
    if takesStore { try await ask(exporter, first + "?store=nobody") }
    for id in ["2", "4", "x"] { try await ask(exporter, path.replacing("{id}", with: id)) }
    try await ask(unreadable, first)
    if path == "/api/v1/events" { seen.insert(try await unseated(exporter)) }
    for _ in 1...2 { try await ask(guarded, first) }
    return seen
  }

  /// The status where all seats are taken.
  private func unseated(_ exporter: RoutedExporter) async throws -> Int {
    let seats = exporter.eventSeats
    let taken = (0..<seats.limit).compactMap { _ in seats.take() }
    #expect(taken.count == 64)
    let answer = try await exporter.api("/events")
    #expect(answer.headers[.retryAfter] == "15")
    return withExtendedLifetime(taken) { answer.status }
  }

  @Test func theRangesAreThoseOfTheConfigurationAndTheStoreIsNeededAmongSeveral() async throws {
    func parameter(_ name: String, _ path: String, _ stores: [String]) async throws -> Parsed {
      let paths = try await RoutedExporter(stores: stores).api("/openapi.json").json.paths
      return paths[path].get.parameters.list.first { $0.name.text == name } ?? .null
    }
    let range = try await parameter("range", "/api/v1/verdicts", ["a.db"])
    #expect(range.schema["enum"].list.map(\.text) == ["1h", "24h", "7d", "all", ""])
    #expect(try await parameter("store", "/api/v1/evidence", ["a.db"]).required.bool == false)
    #expect(
      try await parameter("store", "/api/v1/evidence", ["a.db", "b.db"]).required.bool == true)
    #expect(
      try await parameter("store", "/api/v1/verdicts", ["a.db", "b.db"]).required.bool == false)
  }

  @Test func behindAProxyTheDocumentNamesThePrefix() async throws {
    let address = try WebAddress(externalURL: "http://example.org/out", routePrefix: "/")
    let exporter = try RoutedExporter(address: address)
    #expect(try await exporter.api("/openapi.json").json.servers[0].url.text == "/out")
  }
}
