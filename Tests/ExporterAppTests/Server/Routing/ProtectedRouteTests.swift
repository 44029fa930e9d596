import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import ExporterApp

/// The middleware before every route.
struct ProtectedRouteTests {
  /// The password is `secret`, at a cost of 4.
  private let users = "basic_auth_users: { ada: \(Self.hash) }\n"
  private static let hash = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
  private static let paths = [
    "/metrics", "/", "/-/healthy", "/-/ready", "/-/reload", "/nothing",
  ]

  private static let probes = ["/-/healthy", "/-/ready"]

  private func credentials(_ text: String) -> HTTPFields {
    [.authorization: "Basic " + Data(text.utf8).base64EncodedString()]
  }

  @Test(arguments: paths.filter { !probes.contains($0) })
  func everyPathButThoseOfProbesNeedsAUser(path: String) async throws {
    let exporter = try RoutedExporter(web: users)
    let loads = exporter.loader.count
    for headers in [[:], credentials("ada:wrong"), credentials("eve:secret")] {
      let answer = try await exporter.ask(path, .post, headers: headers)
      #expect(answer.status == 401)
      #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Basic realm=") == true)
      #expect(answer.body == "401: a user name and password are needed\n")
    }
    #expect(exporter.loader.count == loads)
  }

  @Test(arguments: probes) func probesNeedNoUserAndTakeNothingFromTheLimit(
    path: String
  ) async throws {
    let exporter = try RoutedExporter(web: users + "rate_limit: { interval: 1h, burst: 1 }\n")
    for _ in 1...3 {
      for method in [HTTPRequest.Method.get, .head] {
        let status = try await exporter.ask(path, method).status
        #expect(status == 200 || path == "/-/ready" && status == 503)
      }
      #expect(try await exporter.ask(path, .post).status == 405)
    }
    #expect(try await exporter.ask("/metrics", headers: credentials("ada:secret")).status == 200)
    #expect(try await exporter.ask("/metrics", headers: credentials("ada:secret")).status == 429)
  }

  @Test(arguments: ["/-/healthy/x", "/-/Healthy", "/-/%68ealthy", "/-/ready/../../metrics", "/-"])
  func noOtherPathIsTakenForOneOfProbes(path: String) async throws {
    #expect(try await RoutedExporter(web: users).ask(path).status == 401)
  }

  @Test func aUserIsLetIn() async throws {
    let exporter = try RoutedExporter(web: users)
    #expect(try await exporter.ask("/metrics", .post).status == 401)
    let ada = credentials("ada:secret")
    #expect(try await exporter.ask("/-/healthy", headers: ada).body == "healthy\n")
    #expect(try await exporter.ask("/-/reload", .post, headers: ada).body == "reloaded\n")
    #expect(try await exporter.ask("/nothing", headers: ada).status == 404)
    let page = try await exporter.ask("/metrics", headers: ada).body
    #expect(page.contains("reflexive_http_requests_total{handler=\"/metrics\",code=\"401\"} 1\n"))
  }

  @Test(arguments: paths) func everyAnswerHasTheUsualHeaders(path: String) async throws {
    for exporter in [try RoutedExporter(), try RoutedExporter(web: users)] {
      let headers = try await exporter.ask(path).headers
      #expect(headers[.xContentTypeOptions] == "nosniff")
      #expect(headers[.cacheControl] == "no-store")
      #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
      for (name, value) in [
        ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
      ] {
        let name = try #require(HTTPField.Name(name))
        #expect(headers[values: name] == [value])
      }
    }
  }

  @Test(arguments: paths) func configuredHeadersTakeThePlaceOfTheUsualOnes(
    path: String
  ) async throws {
    let exporter = try RoutedExporter(
      web: """
        http_server_config:
          headers: { X-Frame-Options: sameorigin, Content-Security-Policy: "img-src *" }
        """)
    let headers = try await exporter.ask(path).headers
    let frameOptions = try #require(HTTPField.Name("X-Frame-Options"))
    #expect(headers[values: frameOptions] == ["sameorigin"])
    #expect(headers[values: .contentSecurityPolicy] == ["img-src *"])
    #expect(headers[.cacheControl] == "no-store")
  }

  @Test func requestsOverTheLimitAreRefusedBeforeAnyPassword() async throws {
    let exporter = try RoutedExporter(web: users + "rate_limit: { interval: 1h, burst: 2 }\n")
    let ada = credentials("ada:secret")
    #expect(try await exporter.ask("/", headers: ada).status == 200)
    #expect(try await exporter.ask("/").status == 401)
    let answer = try await exporter.ask("/", headers: ada)
    #expect(answer.status == 429 && answer.body == "429: over the rate limit\n")
  }
}
