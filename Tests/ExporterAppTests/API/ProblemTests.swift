import Foundation
import HTTPTypes
import Testing

@testable import ExporterApp

/// What is wrong is said as problem details, everywhere under `/api`.
struct ProblemTests {
  @Test(arguments: [
    ("/evidence?limit=0", "/limit", "0"), ("/evidence?limit=1001", "/limit", "1001"),
    ("/evidence?before=x", "/before", "x"), ("/evidence?score_min=much", "/score_min", "much"),
    ("/evidence?since=yesterday", "/since", "yesterday"), ("/evidence?until=1h", "/until", "1h"),
    ("/evidence?rejected=no", "/rejected", "no"), ("/evidence?format=xml", "/format", "xml"),
    ("/evidence?format=csv&limit=5", "/limit", "5"), ("/evidence?x=1", "/x", "x"),
    ("/evidence?agent=a&agent=b", "/agent", "b"), ("/evidence?agent=%zz", "/agent", "%zz"),
    ("/evidence?agent=%ff", "/agent", "%ff"), ("/evidence?%ff=a", "/%ff", "%ff"),
    ("/evidence?a%2Fb~=1", "/a~1b~0", "a/b~"), ("/evidence/1?limit=2", "/limit", "limit"),
    ("/verdicts?range=2h", "/range", "2h"), ("/verdicts?agent=a", "/agent", "agent"),
    ("/stores?store=a", "/store", "store"), ("/indicators?range=1h", "/range", "range"),
    ("/openapi.json?x", "/x", "x"), ("/events?range=x", "/range", "x"),
    ("/evidence?since=2026-11-25T08:00:00", "/since", "2026-11-25T08:00:00"),
  ])
  func aParameterThatIsNotAllowedIsNamedWithItsValue(
    path: String, pointer: String, value: String
  ) async throws {
    let answer = try await RoutedExporter.reading().api(path)
    #expect(answer.status == 400)
    #expect(answer.headers[.contentType] == "application/problem+json")
    #expect(answer.json.names == ["type", "title", "status", "detail", "errors"])
    #expect(answer.json.type.text == "about:blank" && answer.json.title.text == "Bad Request")
    #expect(answer.json.status.int == 400)
    #expect(answer.json.detail.text?.contains(value) == true)
    #expect(answer.json.errors[0].pointer.text == pointer)
    #expect(answer.json.errors[0].reason.text?.isEmpty == false)
  }

  @Test func whatIsAllowedIsSaid() async throws {
    let exporter = try RoutedExporter.reading()
    #expect(
      try await exporter.api("/verdicts?range=2h").json.detail.text
        == "range: \"2h\" is not allowed: expected one of 1h, 24h, 7d, all")
    #expect(
      try await exporter.api("/evidence/1?x=2").json.errors[0].reason.text
        == "there is no such parameter here: expected one of store")
  }

  @Test(arguments: [
    "score_min=0x1", "score_max=0x1p-1", "consistency_min=nan", "consistency_max=inf",
    "rmm_min=-infinity", "rmm_max=%201", "score_min=1_000", "score_min=1e999", "limit=0x5",
    "before=0x5", "after=1_0", "since=0x5", "until=1_000", "since=1.2.3s", "since=%201h",
  ])
  func numbersAreDecimal(query: String) async throws {
    let answer = try await RoutedExporter.reading().api("/evidence?" + query)
    #expect(answer.status == 400)
    let name = String(query.prefix { $0 != "=" })
    #expect(answer.json.errors[0].pointer.text == "/" + name)
    #expect(answer.json.errors[0].reason.text?.hasPrefix("expected ") == true)
  }

  @Test(arguments: [
    "/evidence?score_min=%@", "/evidence?agent=a&agent=%@", "/evidence?%@=1", "/evidence?%@",
    "/evidence/1?store=%@", "/evidence?store=%@", "/evidence/%@", "/verdicts?range=%@",
    "/evidence?rejected=%@", "/evidence?agent=%%@",
  ])
  func aLongValueIsNotRepeatedWhole(path: String) async throws {
    let long = String(repeating: "9", count: 60_000)
    let address = path.replacingOccurrences(of: "%@", with: long)
    let exporter = try RoutedExporter.reading()
    for path in ["/api/v1" + address, address.replacingOccurrences(of: "/verdicts", with: "/")] {
      let answer = try await exporter.ask(path)
      #expect((400..<500).contains(answer.status))
      #expect(
        !answer.body.contains(long.prefix(101)) && answer.body.contains("999…"),
        "\(path.prefix(30))")
    }
  }

  @Test func oneOfSeveralStoresHasToBeNamed() async throws {
    let exporter = try RoutedExporter(stores: ["a.db", "b.db"])
    for path in ["/evidence", "/evidence/1", "/events"] {
      let answer = try await exporter.api(path)
      #expect(answer.status == 400)
      #expect(answer.json.errors[0].pointer.text == "/store")
      #expect(answer.json.errors[0].reason.text == "expected one of a, b")
    }
    for path in ["/evidence", "/evidence/1", "/events", "/indicators", "/verdicts"] {
      let answer = try await exporter.api(path + "?store=c")
      #expect(answer.status == 404)
      #expect(answer.json.errors[0].reason.text == "expected one of a, b")
    }
    for path in ["/indicators", "/stores", "/verdicts"] {
      #expect(try await exporter.api(path).status == 200)
    }
    #expect(
      try await exporter.api("/indicators?store=b").json.stores.list.map(\.store.text) == ["b"])
  }

  @Test(arguments: ["/api", "/api/", "/api/v1", "/api/v1/x", "/api/v2/stores", "//api/v1//x"])
  func anotherPathIsAProblem(path: String) async throws {
    let answer = try await RoutedExporter().ask(path)
    #expect(answer.status == 404)
    #expect(answer.headers[.contentType] == "application/problem+json")
    #expect(try Parsed(answer.body).title.text == "Not Found")
  }

  @Test(arguments: [HTTPRequest.Method.post, .put, .delete, .options, .trace, .patch])
  func anotherMethodIsAProblem(method: HTTPRequest.Method) async throws {
    for path in ["/api/v1/evidence", "/api/v1/evidence/1", "/api/v1/openapi.json"] {
      let takesPushes = path.hasSuffix("evidence")
      if takesPushes, method == .post { continue }
      let answer = try await RoutedExporter().ask(path, method)
      #expect(
        answer.status == 405
          && answer.headers[.allow] == (takesPushes ? "GET, HEAD, POST" : "GET, HEAD"))
      #expect(answer.headers[.contentType] == "application/problem+json")
    }
  }

  @Test func aMissingUserAndTooManyRequestsAreProblems() async throws {
    let exporter = try RoutedExporter(
      web: """
        basic_auth_users: { ada: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW }
        rate_limit: { interval: 1h, burst: 1 }
        """)
    let answer = try await exporter.api("/stores")
    #expect(answer.status == 401 && answer.json.status.int == 401)
    #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
    let limited = try await exporter.api("/stores")
    #expect(limited.status == 429 && limited.json.status.int == 429)
    #expect(try await exporter.ask("/metrics").body == "429: over the rate limit\n")
  }

  @Test func aPathWithThePrefixAloneIsOfTheAPI() async throws {
    let address = try WebAddress(externalURL: nil, routePrefix: "/a/api")
    let exporter = try RoutedExporter(address: address)
    #expect(try await exporter.ask("/a/api/api/v1/stores").status == 200)
    #expect(try Parsed(try await exporter.ask("/a/api/api/x").body).status.int == 404)
    #expect(
      try await exporter.ask("/a/api/x").headers[.contentType]?.hasPrefix("text/plain") == true)
  }
}
