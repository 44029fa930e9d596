import HTTPTypes
import Hummingbird
import Testing

@testable import ExporterApp

struct RouteTests {
  @Test func theMetricsAreServedInTheFormatAndEncodingAskedFor() async throws {
    let exporter = try RoutedExporter()
    let text = try await exporter.ask("/metrics")
    #expect(text.status == 200)
    #expect(text.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
    #expect(text.headers[.vary] == "Accept, Accept-Encoding")
    #expect(text.body.contains("reflexive_exporter_build_info{version=\"9\""))
    let openMetrics = try await exporter.ask(
      "/metrics", headers: [.accept: "application/openmetrics-text;version=1.0.0"])
    #expect(openMetrics.headers[.contentType]?.hasPrefix("application/openmetrics-text") == true)
    #expect(openMetrics.body.hasSuffix("# EOF\n"))
    let compressed = try await exporter.ask("/metrics", headers: [.acceptEncoding: "gzip"])
    #expect(compressed.headers[.contentEncoding] == "gzip")
  }

  @Test func theMetricsAreWhereTheyWereToldToBe() async throws {
    let exporter = try RoutedExporter(telemetryPath: "/numbers")
    #expect(try await exporter.ask("/numbers").body.contains("handler=\"/numbers\""))
    #expect(try await exporter.ask("/metrics").status == 404)
    #expect(try await exporter.ask("/").body.contains("href=\"/numbers\""))
  }

  @Test func healthNeedsNoStore() async throws {
    let answer = try await RoutedExporter().ask("/-/healthy")
    #expect(answer.status == 200 && answer.body == "healthy\n")
  }

  @Test func readinessWaitsForTheStores() async throws {
    let exporter = try RoutedExporter()
    let early = try await exporter.ask("/-/ready")
    #expect(early.status == 503)
    #expect(early.body == "503: a store has not been read to its end yet\n")
    exporter.readStores()
    let ready = try await exporter.ask("/-/ready")
    #expect(ready.status == 200 && ready.body == "ready\n")
  }

  @Test(arguments: [HTTPRequest.Method.post, .put])
  func aReloadSaysHowItWent(method: HTTPRequest.Method) async throws {
    let exporter = try RoutedExporter()
    let before = exporter.loader.count
    let good = try await exporter.ask("/-/reload", method)
    #expect(good.status == 200 && good.body == "reloaded\n")
    #expect(exporter.loader.count == before + 1)
    exporter.loader.fail("one")
    let bad = try await exporter.ask("/-/reload", method)
    #expect(bad.status == 500)
    #expect(
      bad.body
        == "500: not reloaded: exporter.yml:1:1: stores: one is not allowed: expected none\n")
    let page = try await exporter.ask("/metrics").body
    #expect(page.contains("\nreflexive_exporter_config_last_reload_successful 0\n"))
  }

  @Test(arguments: ["/metrics", "/", "/-/healthy", "/-/ready"])
  func headIsGetWithoutTheBody(path: String) async throws {
    let exporter = try RoutedExporter()
    let (get, head) = (try await exporter.ask(path), try await exporter.ask(path, .head))
    #expect(head.status == get.status)
    #expect(head.body.isEmpty && !get.body.isEmpty)
    #expect(head.headers[.contentType] == get.headers[.contentType])
    // A page of metrics may have other counts by the second request.
    if path != "/metrics" {
      #expect(head.headers[.contentLength] == String(get.body.utf8.count))
    }
  }

  @Test(arguments: ["/nothing", "/-/reload"])
  func headHasNoBodyWhereItIsRefused(path: String) async throws {
    let head = try await RoutedExporter().ask(path, .head)
    #expect(head.status == (path == "/nothing" ? 404 : 405))
    #expect(head.body.isEmpty)
  }

  @Test(arguments: [
    ("/metrics", [HTTPRequest.Method.post, .put, .delete, .trace], "GET, HEAD"),
    ("/", [.post, .options], "GET, HEAD"), ("/-/healthy", [.post], "GET, HEAD"),
    ("/-/ready", [.patch], "GET, HEAD"), ("/-/reload", [.get, .delete], "POST, PUT"),
    ("/metrics", [HTTPRequest.Method("PROPFIND") ?? .connect], "GET, HEAD"),
  ])
  func anotherMethodIsToldWhichAreAllowed(
    path: String, methods: [HTTPRequest.Method], allowed: String
  ) async throws {
    let exporter = try RoutedExporter()
    for method in methods {
      let answer = try await exporter.ask(path, method)
      #expect(answer.status == 405)
      #expect(answer.headers[.allow] == allowed)
      #expect(answer.body == "405: \(path) answers \(allowed)\n")
    }
  }

  @Test(arguments: [
    "/nothing", "/metrics/more", "/-", "/-/", "/METRICS", "/../metrics", "/%6detrics", "/metricsx",
    "/{id}", "*",
  ])
  func anotherPathIsNotFound(path: String) async throws {
    let answer = try await RoutedExporter().ask(path)
    #expect(answer.status == 404)
    #expect(answer.body == "404: there is nothing here; start at /\n")
  }

  @Test func aSlashMoreNamesTheSameRoute() async throws {
    let exporter = try RoutedExporter()
    #expect(try await exporter.ask("/-/healthy/").status == 200)
    #expect(
      try await exporter.ask("/-/healthy/", .post).body == "405: /-/healthy answers GET, HEAD\n")
    let page = try await exporter.ask("//metrics?a=b").body
    #expect(page.contains("reflexive_http_requests_total{handler=\"/-/healthy\",code=\"405\"} 1\n"))
  }

  @Test func requestsAreCountedByTheirRoute() async throws {
    let exporter = try RoutedExporter()
    for (path, method) in [
      ("/nothing", .get), ("/other", .post), ("/metrics", .post), ("/-/healthy", .get),
      ("/-/healthy", .head), ("/-/reload", .get),
    ] as [(String, HTTPRequest.Method)] {
      _ = try await exporter.ask(path, method)
    }
    let page = try await exporter.ask("/metrics").body
    for (handler, code, count) in [
      ("other", 404, 2), ("/metrics", 405, 1), ("/metrics", 200, 0), ("/-/healthy", 200, 2),
      ("/-/reload", 405, 1), ("/-/reload", 200, 0), ("/", 200, 0), ("/-/ready", 200, 0),
    ] {
      let line = "reflexive_http_requests_total{handler=\"\(handler)\",code=\"\(code)\"} \(count)\n"
      #expect(page.contains(line), "\(line)")
    }
    #expect(!page.contains("nothing"))
    #expect(
      page.contains("reflexive_http_request_duration_seconds_count{handler=\"/-/healthy\"} 2\n"))
  }

  @Test(arguments: [
    ("/metrics", true), ("/numbers/of/agents", true), ("/a-b._~1", true), ("metrics", false),
    ("/", false), ("//", false), ("/-/ready", false), ("/-/ready/", false), ("/a b", false),
    ("/{id}", false), ("/*", false), ("/:id", false), ("/ä", false), ("", false),
    ("/agent", false), ("/status/", false), ("/api/v1/stores", false), ("/evidence/1", false),
    ("/agents", true),
  ])
  func theMetricsHaveAPathOfTheirOwn(path: String, isAllowed: Bool) {
    #expect(ServeOptions.isTelemetryPath(path) == isAllowed)
  }
}
