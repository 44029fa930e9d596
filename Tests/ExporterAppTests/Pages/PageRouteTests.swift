import Following
import HTTPTypes
import ReflexiveCore
import TestSupport
import Testing

@testable import ExporterApp

/// The pages as they are served.
struct PageRouteTests {
  private static let pages = [
    "/", "/agent?agent=Planner", "/gate?gate=Safety", "/subject?subject=Planner", "/status",
    "/evidence", "/evidence/1",
  ]

  /// A store with an agent below its objective, and a gate in a streak of three.
  private func exporter(stores: [String] = ["evidence.db"]) throws -> RoutedExporter {
    let exporter = try RoutedExporter(stores: stores)
    for path in exporter.paths { try PageEvidence.write(to: path) }
    exporter.readStores()
    return exporter
  }

  @Test(arguments: pages) func everyPageIsHTMLUnderItsPolicy(path: String) async throws {
    let page = try await exporter().ask(path)
    #expect(page.status == 200)
    #expect(page.headers[.contentType] == "text/html; charset=utf-8")
    let policy = try #require(page.headers[.contentSecurityPolicy])
    #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
    #expect(!policy.contains("unsafe") && !policy.contains("*"))
    #expect(!page.body.contains(" style=") && !page.body.contains(" onclick="))
    #expect(page.headers[try #require(HTTPField.Name("Refresh"))] == nil)
  }

  @Test(arguments: pages) func headIsThePageWithoutItsBody(path: String) async throws {
    let exporter = try exporter()
    let (get, head) = (try await exporter.ask(path), try await exporter.ask(path, .head))
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head.headers[.contentType] == get.headers[.contentType])
    #expect(head.headers[.contentLength] != nil)
  }

  @Test(arguments: pages) func aPageIsCompressedIfThatIsAskedFor(path: String) async throws {
    let page = try await exporter().ask(path, headers: [.acceptEncoding: "gzip"])
    #expect(page.headers[.contentEncoding] == "gzip" && page.headers[.vary] == "Accept-Encoding")
    #expect(page.body.utf8.count < 16_000)
  }

  @Test func theOverviewSaysWhatIsBreachedSinceWhenAndWhere() async throws {
    let page = try await exporter().ask("/")
    #expect(page.body.contains("<title>3 breached – Reflexive exporter</title>"))
    let breached = page.body.rows("Breached over 1h, ongoing first")
    #expect(breached.count == 3)
    #expect(breached[0].contains("Streak of low consistency of gate Safety"))
    #expect(breached[0].contains("3 in a row below 3 4") && breached[0].contains("ongoing"))
    #expect(breached[1].contains("QSR of agent Planner about"))
    #expect(breached[1].contains("0.5000 at least 0.6 5 rows"))
    #expect(breached[2].contains("QSR of store evidence about"))
    #expect(page.body.contains("href=\"/agent?store=evidence&amp;agent=Planner\""))
  }

  @Test func aStoreThatCannotBeReadComesFirst() async throws {
    let exporter = try RoutedExporter()
    exporter.readStores()
    let page = try await exporter.ask("/")
    #expect(page.body.contains("<title>1 problem – Reflexive exporter</title>"))
    #expect(
      page.body.contains(
        "can&#39;t be read: there is no such file, server or database (missing). It has not been read since"
      ))
    #expect(page.body.contains(exporter.paths[0]) && page.body.contains("None is known"))
  }

  /// What comes after them would be screens away.
  @Test func manyBreachesHaveLinksPastThem() async throws {
    let exporter = try RoutedExporter()
    try PageEvidence.write(
      (1...12).flatMap { agent in
        (1...5).map { _ in
          #"{"agent": "A\#(agent)", "output_quality": 0.1, "timestamp": "2025-11-25T07:50:00Z"}"#
        }
      }, to: exporter.paths[0])
    exporter.readStores()
    let page = try await exporter.ask("/?range=all").body
    #expect(page.contains("<title>1") && page.contains("aria-label=\"On this page\""))
    for id in ["stores", "agents", "gates", "subjects"] {
      #expect(page.contains("href=\"#\(id)\"") && page.contains("id=\"\(id)\""))
    }
    #expect(try await !self.exporter().ask("/").body.contains("On this page"))
  }

  @Test func aRefusedPageIsNotReloaded() async throws {
    #expect(try await exporter().ask("/").body.contains("Reload this page"))
    for path in ["/?range=x", "/agent?agent=Nobody", "/evidence/999"] {
      #expect(try await !exporter().ask(path).body.contains("Reload this page"))
    }
  }

  @Test func whatIsMixedOfManyNamesSaysSo() async throws {
    let exporter = try RoutedExporter()
    let name = String(repeating: "x", count: 300)
    try PageEvidence.write(
      [#"{"agent": "\#(name)", "output_quality": 0.5, "timestamp": "2025-11-25T07:50:00Z"}"#],
      to: exporter.paths[0])
    exporter.readStores()
    let page = try await exporter.ask("/agent?agent=_other&range=all").body
    #expect(page.contains("It mixes several names") && page.contains("No row has this name."))
    #expect(!page.contains("State over"))
  }

  @Test func aStoreThatIsBeingReadIsNotJudged() async throws {
    let page = try await RoutedExporter().ask("/")
    #expect(page.status == 200)
    #expect(page.body.contains("is being read"))
    #expect(!page.body.contains("Nothing is breached"))
  }

  @Test func anEmptyStoreSaysHowToBegin() async throws {
    let exporter = try RoutedExporter()
    try PageEvidence.write([], to: exporter.paths[0])
    exporter.readStores()
    let page = try await exporter.ask("/")
    #expect(page.body.contains("<title>Nothing can be judged yet – Reflexive exporter</title>"))
    #expect(page.body.contains("reflexive-exporter record --store"))
  }

  @Test func aFailedReloadIsSaid() async throws {
    let exporter = try exporter()
    exporter.loader.fail("there is none")
    _ = try await exporter.ask("/-/reload", .post)
    #expect(
      try await exporter.ask("/").body.contains("The last reload of the configuration failed"))
    #expect(try await exporter.ask("/status").body.contains("The last reload failed"))
  }

  // MARK: - Parameters

  @Test func theOnlyStoreMayBeLeftOut() async throws {
    #expect(try await exporter().ask("/agent?agent=Planner").status == 200)
  }

  @Test(arguments: ["/agent?agent=Planner", "/gate?gate=Safety", "/subject?subject=Planner"])
  func ofSeveralStoresOneHasToBeNamed(path: String) async throws {
    let exporter = try exporter(stores: ["a.db", "b.db"])
    let page = try await exporter.ask(path)
    #expect(page.status == 400)
    let html = path.split(separator: "&").joined(separator: "&amp;")
    #expect(page.body.contains("href=\"\(html)&amp;store=a\""))
    #expect(page.body.contains("href=\"\(html)&amp;store=b\""))
    #expect(try await exporter.ask(path + "&store=b").status == 200)
    for path in ["/", "/status"] { #expect(try await exporter.ask(path).status == 200) }
  }

  @Test func anUnknownStoreIsToldWhichThereAre() async throws {
    let page = try await exporter().ask("/agent?agent=Planner&store=x")
    #expect(page.status == 404)
    #expect(page.body.contains("href=\"/agent?agent=Planner&amp;store=evidence\""))
  }

  @Test(arguments: ["agent", "gate", "subject"])
  func anUnknownNameIsToldWhichThereAre(kind: String) async throws {
    let known = kind == "gate" ? "Safety" : "Planner"
    let page = try await exporter().ask("/\(kind)?\(kind)=x%3Cb%3E%00&range=24h")
    #expect(page.status == 404)
    #expect(page.body.contains("has no \(kind) <bdi>x&lt;b&gt;\\u{0}</bdi>"))
    #expect(page.body.contains("href=\"/\(kind)?range=24h&amp;\(kind)=\(known)\""))
  }

  @Test(arguments: [
    "/?nothing=1", "/?range=2h", "/agent", "/agent?agent=", "/gate?gate=a&gate=b",
    "/subject?subject=%ff", "/agent?agent=%4", "/status?store=a", "/?refresh=4", "/?refresh=3601",
    "/?refresh=soon",
  ])
  func aBadParameterIsABadRequest(path: String) async throws {
    let page = try await exporter().ask(path)
    #expect(page.status == 400)
    #expect(page.headers[.contentType] == "text/html; charset=utf-8")
    #expect(page.body.contains("<h1>Bad request</h1>"))
  }

  @Test(arguments: pages) func aPageIsLoadedAgainIfThatIsAskedFor(path: String) async throws {
    let separator = path.contains("?") ? "&" : "?"
    let page = try await exporter().ask("\(path)\(separator)refresh=30")
    #expect(page.status == 200)
    #expect(page.headers[try #require(HTTPField.Name("Refresh"))] == "30")
    #expect(!page.body.contains("http-equiv"))
  }

  @Test func aRangeWithoutSamplesHasNoData() async throws {
    let exporter = try RoutedExporter()
    try PageEvidence.write(PageEvidence.rows(age: 7200), to: exporter.paths[0])
    exporter.readStores()
    #expect(try await exporter.ask("/agent?agent=Planner").body.contains("No data"))
    let day = try await exporter.ask("/agent?agent=Planner&range=24h").body
    #expect(day.contains("Breached") && !day.contains("No data"))
  }

  // MARK: - Prefix

  @Test func everyPathHasThePrefix() async throws {
    let address = try WebAddress(externalURL: "http://example.org/reflexive", routePrefix: nil)
    let exporter = try RoutedExporter(address: address)
    for path in ["/metrics", "/-/healthy", "/", "/status"] {
      #expect(try await exporter.ask("/reflexive" + path).status == 200)
      #expect(try await exporter.ask(path).status == 404)
    }
    #expect(try await exporter.ask("/reflexive").status == 200)
    #expect(try await exporter.ask("/reflexive/-/reload", .post).status == 200)
    #expect(
      try await exporter.ask("/nothing").body
        == "404: there is nothing here; start at /reflexive/\n")
    #expect(
      try await exporter.ask("/reflexive/-/reload").body
        == "405: /-/reload answers POST, PUT\n")
    let metrics = try await exporter.ask("/reflexive/metrics").body
    #expect(
      metrics.contains("reflexive_http_requests_total{handler=\"/-/healthy\",code=\"200\"} 1\n"))
    #expect(metrics.contains("reflexive_http_requests_total{handler=\"/status\",code=\"200\"} 1\n"))
    #expect(!metrics.contains("handler=\"/reflexive"))
  }

  @Test(arguments: ["/reflexive", "/"])
  func everyLinkWorksBehindAProxy(routePrefix: String) async throws {
    let exporter = try RoutedExporter(
      address: try WebAddress(
        externalURL: "http://example.org/reflexive", routePrefix: routePrefix))
    try PageEvidence.write(to: exporter.paths[0])
    exporter.readStores()
    func path(of link: String) -> String {
      routePrefix == "/" ? String(link.dropFirst("/reflexive".utf8.count)) : link
    }
    var seen: Set<String> = []
    var next = ["/reflexive/"]
    while let link = next.popLast() {
      guard seen.insert(link).inserted else { continue }
      let page = try await exporter.ask(path(of: link))
      #expect(page.status == 200, "\(link)")
      next += page.body.links
    }
    #expect(seen.allSatisfy { $0.hasPrefix("/reflexive/") } && seen.count > 15)
  }
}
