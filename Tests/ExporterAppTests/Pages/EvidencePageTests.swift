import Following
import HTTPTypes
import ReflexiveCore
import TestSupport
import Testing

@testable import ExporterApp

/// The pages of rows as they are served.
struct EvidencePageTests {
  private func exporter(keepsState: Bool = true) throws -> RoutedExporter {
    let exporter = try RoutedExporter(keepsState: keepsState)
    try PageEvidence.write(to: exporter.paths[0])
    exporter.readStores()
    return exporter
  }

  @Test func theNewestRowsComeFirst() async throws {
    let page = try await exporter().ask("/evidence")
    #expect(page.status == 200)
    let rows = page.body.rows("Rows of store evidence, newest first")
    #expect(
      rows.map { $0.split(separator: " ").first.map(String.init) } == ids(9, 8, 7, 6, 5, 4, 3, 2, 1)
    )
    #expect(rows[0].contains("decision of Safety 0.7000 0.8200 &lt; 0.9 0.8000 not needed 0.7000"))
    #expect(rows[8].contains("run of Planner 0.4000 &lt; 0.6"))
    #expect(page.body.contains("<data value=\"9\">9</data> rows."))
  }

  private func ids(_ ids: Int...) -> [String?] { ids.map { String($0) } }

  @Test(arguments: [
    ("agent=Planner", 5), ("gate=Safety", 4), ("agent=Planner&score_max=0.5", 3),
    ("consistency_min=0.82", 3), ("score_min=0.45&score_max=0.5", 2), ("rejected=any", 0),
    ("event=nothing", 0), ("since=1h", 9), ("until=2020-01-01T00:00:00Z", 0),
    ("score_min=1&score_max=0", 0), ("rmm_min=0.8", 5), ("subject=Planner", 5), ("agent=", 9),
  ])
  func aFilterIsCountedAndKept(query: String, count: Int) async throws {
    for keepsState in [true, false] {
      let page = try await exporter(keepsState: keepsState).ask("/evidence?limit=2&" + query)
      #expect(page.status == 200)
      let rows = page.body.rows("Rows of store evidence, newest first").count
      #expect(rows == min(2, count))
      if keepsState, count < 9 {
        #expect(
          page.body.contains("<data value=\"\(count)\">\(count)</data> of <data value=\"9\">9"))
      }
      if count == 0 {
        #expect(page.body.contains(keepsState ? "No row matches the filter." : "is no row"))
      }
    }
  }

  @Test func pagesLeadFromOneToTheNextUnderTheFilter() async throws {
    let exporter = try exporter()
    var seen: [String] = []
    var next: String? = "/evidence?agent=Planner&limit=2"
    var previous: [String] = []
    while let path = next {
      let page = try await exporter.ask(path).body
      seen += page.rows("Rows of store evidence, newest first").map {
        String($0.prefix { $0 != " " })
      }
      next = page.link(rel: "next")
      if let link = page.link(rel: "prev") { previous.append(link) }
      if let next { #expect(next.contains("agent=Planner&limit=2&before=")) }
    }
    #expect(seen == ["5", "4", "3", "2", "1"] && previous.count == 2)
    #expect(previous[0].contains("agent=Planner&limit=2&after="))
    let back = try await exporter.ask(previous[0]).body
    #expect(back.rows("Rows of store evidence, newest first").count == 2)
    #expect(back.link(rel: "prev") == nil && back.link(rel: "next") != nil)
  }

  @Test func theFormHasWhatWasAskedFor() async throws {
    let page = try await exporter().ask(
      "/evidence?agent=%22%3E%3Cb%3E&since=1h&rejected=any&limit=7")
    #expect(page.status == 200)
    #expect(
      page.body.contains(
        "name=\"agent\" type=\"text\" autocomplete=\"off\" value=\"&quot;&gt;&lt;b&gt;\""))
    #expect(page.body.contains("<option value=\"any\" selected>"))
    #expect(page.body.contains("<option value=\"7\" selected>"))
    #expect(
      page.body.contains("<summary>Filter: agent &quot;&gt;&lt;b&gt;, rejected any</summary>"))
    for name in EvidenceParameters.filterNames { #expect(page.body.contains("name=\"\(name)\"")) }
  }

  @Test func withoutAnIndexThePageSaysSo() async throws {
    let page = try await exporter(keepsState: false).ask("/evidence?rejected=any")
    #expect(page.body.contains("no index is kept"))
  }

  @Test(arguments: [
    "/evidence?limit=0", "/evidence?limit=1001", "/evidence?before=x", "/evidence?score_min=much",
    "/evidence?since=yesterday", "/evidence?until=1h", "/evidence?rejected=no", "/evidence?x=1",
    "/evidence?agent=a&agent=b", "/evidence/1?limit=2", "/evidence/1?score_max=nan",
    "/evidence?since=2026-11-25T08:00:00",
  ])
  func aBadFilterIsABadRequest(path: String) async throws {
    #expect(try await exporter().ask(path).status == 400)
  }

  // MARK: - One row

  @Test func aRowSaysWhatWasReadFromIt() async throws {
    let page = try await exporter().ask("/evidence/8")
    #expect(page.status == 200)
    #expect(page.body.contains("<title>Evidence 8 – Reflexive exporter</title>"))
    #expect(page.body.contains("href=\"/gate?store=evidence&amp;gate=Safety\""))
    #expect(page.body.contains("&quot;consistency&quot;: 0.8,\n    &quot;confidence&quot;"))
    #expect(page.body.contains("It counts over 1h, 24h, 7d and all rows."))
    #expect(
      page.body.contains("It is number 2 of 3 evaluations in a row with a consistency below 0.9, "))
    #expect(page.body.contains("gate=Safety&amp;after=6&amp;before=10"))
  }

  @Test func aRowLeadsToItsNeighboursUnderTheFilter() async throws {
    let exporter = try exporter()
    let alike = try await exporter.ask("/evidence/3").body
    #expect(alike.link(rel: "prev") == "/evidence/4?store=evidence")
    #expect(alike.link(rel: "next") == "/evidence/2?store=evidence")
    let filtered = try await exporter.ask("/evidence/3?score_max=0.45").body
    #expect(filtered.link(rel: "prev") == "/evidence/4?store=evidence&score_max=0.45")
    #expect(filtered.link(rel: "next") == "/evidence/1?store=evidence&score_max=0.45")
    let newest = try await exporter.ask("/evidence/9").body
    #expect(newest.link(rel: "prev") == nil && newest.link(rel: "next") != nil)
  }

  @Test(arguments: ["10", "99999999999999999999", "x", "1.0", "%00%3Cb%3E", "%ff"])
  func anIdThatWasNeverReadIsNotFound(id: String) async throws {
    let page = try await exporter().ask("/evidence/" + id)
    #expect(page.status == 404)
    #expect(!page.body.contains("<b>"))
  }

  @Test func anEmptyListSaysThatThereIsNothingYet() async throws {
    let store = try TemporaryStore()
    let exporter = try RoutedExporter(stores: [store.path], keepsState: true)
    exporter.readStores()
    let page = try await exporter.ask("/evidence").body
    #expect(page.contains("No evidence yet.") && !page.contains("format=csv"))
    let unread = try await exporter.ask("/evidence/1").body
    #expect(unread.contains("no row has been read from it yet"))
  }

  /// Not that there was no answer in time: waiting would change nothing.
  @Test func aListOfAStoreThatCannotBeReadSaysWhy() async throws {
    let exporter = try RoutedExporter(keepsState: true)
    exporter.readStores()
    let page = try await exporter.ask("/evidence")
    #expect(page.status == 503)
    #expect(page.body.contains("there is no such file, server or database (missing)"))
  }

  @Test func aRowThatIsGoneIsGone() async throws {
    let store = try TemporaryStore()
    try store.append(5)
    let exporter = try RoutedExporter(stores: [store.path], keepsState: true)
    exporter.readStores()
    #expect(try await exporter.ask("/evidence/3").status == 200)
    try store.execute("DELETE FROM evidence WHERE id IN (3, 5)")
    for id in [3, 5, 0, -1] {
      let page = try await exporter.ask("/evidence/\(id)")
      #expect(page.status == 410)
      #expect(page.body.contains("deleted, or never written"))
    }
    #expect(try await exporter.ask("/evidence/6").status == 404)
    #expect(try await exporter.ask("/evidence/4").status == 200)
  }

  @Test(arguments: [
    ("'nope{'", "Rejected: invalid_json", "nope{"), ("'[1]'", "Rejected: not_object", "[1]"),
    ("NULL", "Rejected: invalid_json", "The payload is NULL."),
    ("x'ff3c623e'", "Rejected: invalid_json", "\u{fffd}&lt;b&gt;"),
    ("'{\"output_quality\": 7}'", "Rejected: out_of_range", "&quot;output_quality&quot;: 7"),
    ("'\"</pre><script>'", "Rejected: invalid_json", "&lt;/pre&gt;&lt;script&gt;"),
  ])
  func aRejectedRowSaysWhy(payload: String, state: String, shown: String) async throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      INSERT INTO evidence (event, payload, ts)
      VALUES ('metacognitive_agent_execution', \(payload), '2025-11-25T08:00:00')
      """)
    let exporter = try RoutedExporter(stores: [store.path], keepsState: true)
    exporter.readStores()
    let page = try await exporter.ask("/evidence/1").body
    #expect(page.contains(state) && page.contains(shown))
    #expect(try await exporter.ask("/evidence?rejected=any").body.contains(state.dropFirst(10)))
  }

  @Test func aStoreThatCannotBeReadHasNoAnswer() async throws {
    let exporter = try RoutedExporter()
    exporter.readStores()
    let page = try await exporter.ask("/evidence?agent=x")
    #expect(page.status == 503 && page.headers[.retryAfter] == "1")
    #expect(page.body.contains("agent=x"))
    #expect(try await exporter.ask("/").status == 200)
  }

  @Test(arguments: ["/agent?agent=Planner", "/gate?gate=Safety", "/subject?subject=Planner"])
  func theRunsAreOnThePageOfWhomTheyAreOf(path: String) async throws {
    for keepsState in [true, false] {
      let page = try await exporter(keepsState: keepsState).ask(path).body
      #expect(page.links.contains { $0.hasPrefix("/evidence/") })
    }
    let gate = try await exporter().ask("/gate?gate=Safety").body
    #expect(gate.rows("Evaluations of the streak, newest first").count == 3)
  }
}

extension String {
  /// The address of the link with this relation.
  func link(rel: String) -> String? {
    let link = matches(of: /<a href="([^"]*)" rel="([a-z]+)"/).first { $0.2 == rel }?.1
    return link.map { String($0).split(separator: "&amp;").joined(separator: "&") }
  }
}
