import Testing

extension EndToEndTests {
  struct HTTPTests {
    @Test func formatsAndEncodingsAreNegotiated() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      let text = try exporter.get("/metrics")
      #expect(text.headers.contains("content-type: text/plain; version=0.0.4"))
      #expect(!text.body.contains("# EOF"))
      let accept = "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
      let openMetrics = try exporter.get("/metrics", ["-H", accept])
      #expect(openMetrics.headers.contains("content-type: application/openmetrics-text"))
      #expect(openMetrics.body.hasSuffix("# EOF\n"))
      let compressed = try exporter.get(
        "/metrics", ["--compressed", "-H", "Accept-Encoding: gzip"])
      #expect(compressed.headers.contains("content-encoding: gzip"))
      #expect(compressed.body.contains("reflexive_store_up"))
    }

    @Test func otherMethodsAndPathsAreRefused() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      let head = try exporter.get("/metrics", ["--head"])
      #expect(head.status == 200 && head.body.isEmpty)
      let post = try exporter.get("/metrics", ["-X", "POST"])
      #expect(post.status == 405 && post.headers.contains("allow: get, head"))
      #expect(try exporter.get("/-/reload").status == 405)
      #expect(try exporter.get("/nothing").status == 404)
      #expect(try exporter.get("/-/healthy").status == 200)
      let page = try exporter.scrape()
      #expect(page[#"reflexive_http_requests_total{handler="/metrics",code="405"}"#] == 1)
      #expect(page[#"reflexive_http_requests_total{handler="other",code="404"}"#] == 1)
    }

    @Test func theOverviewLinksWhatThereIs() async throws {
      let exporter = try await Exporter.start(
        ["--store", "/does/not/exist.db", "--web.telemetry-path", "/numbers"])
      let landing = try exporter.get("/")
      let links = landing.body.matches(of: /href="([^"]+)"/).map { String($0.1) }
      #expect(links.contains("/numbers") && links.contains("/status"))
      for link in links where link.hasPrefix("/") {
        let path = link.split(separator: "&amp;").joined(separator: "&")
        // The only store is missing: its rows can't be shown.
        let status = path == "/evidence" ? 503 : 200
        #expect(try exporter.get(path).status == status, "\(link)")
      }
    }

    @Test func aScrapeThatCannotBeInTimeIsRefused() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      let header = "X-Prometheus-Scrape-Timeout-Seconds: "
      #expect(try exporter.get("/metrics", ["-H", header + "10"]).status == 200)
      #expect(try exporter.get("/metrics", ["-H", header + "0.0000001"]).status == 503)
      #expect(try exporter.get("/metrics", ["-H", header + "soon"]).status == 200)
    }
  }
}
