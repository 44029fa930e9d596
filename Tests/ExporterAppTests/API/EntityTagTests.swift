import Following
import HTTPTypes
import ReflexiveCore
import Synchronization
import Testing

@testable import ExporterApp

/// An answer that a client has already is not sent again.
struct EntityTagTests {
  private static let paths = [
    "/stores", "/indicators", "/verdicts?range=all", "/evidence?agent=Planner", "/evidence/1",
    "/openapi.json",
  ]

  @Test(arguments: paths) func anUnchangedAnswerIsNotSentAgain(path: String) async throws {
    let exporter = try RoutedExporter.reading()
    let first = try await exporter.ask("/api/v1" + path)
    let tag = try #require(first.headers[.eTag])
    #expect(first.status == 200 && first.headers[.cacheControl] == "private, no-cache")
    for condition in [tag, "\"x\", " + tag, "*", String(tag.dropFirst(2)), "\"x\" ,\t\(tag) "] {
      let again = try await exporter.ask("/api/v1" + path, headers: [.ifNoneMatch: condition])
      #expect(again.status == 304 && again.body.isEmpty)
      #expect(again.headers[.eTag] == tag)
    }
    for condition in ["\"x\"", "", "W/", String(tag.dropLast(2)) + "\""] {
      let whole = try await exporter.ask("/api/v1" + path, headers: [.ifNoneMatch: condition])
      #expect(whole.status == 200)
      #expect(try Parsed(whole.body).names == Parsed(first.body).names)
    }
    let head = try await exporter.ask("/api/v1" + path, .head)
    #expect(head.status == 200 && head.body.isEmpty && head.headers[.eTag] == tag)
  }

  /// The clock alone changes nothing, until a row leaves a window.
  @Test func theTagIsOfTheContentAndNotOfTheTime() async throws {
    let clock = Mutex(TimeSource.system.wall())
    let time = TimeSource(wall: { clock.withLock { $0 } }, monotonic: { .now })
    let exporter = try RoutedExporter(keepsState: true, time: time)
    try PageEvidence.write(PageEvidence.rows(age: 10), to: exporter.paths[0])
    exporter.readStores()
    let first = try await exporter.api("/indicators")
    let tag = try #require(first.headers[.eTag])
    clock.withLock { $0 = $0.advanced(by: 60) }
    let later = try await exporter.api("/indicators")
    #expect(later.headers[.eTag] == tag && later.json.time.text != first.json.time.text)
    clock.withLock { $0 = $0.advanced(by: 4000) }
    let answer = try await exporter.api("/indicators", headers: [.ifNoneMatch: tag])
    #expect(answer.status == 200)
    #expect(answer.json.stores[0].agents[0].average["1h"].isNull)
  }

  @Test func anExportHasNoTag() async throws {
    let answer = try await RoutedExporter.reading().ask(
      "/api/v1/evidence?format=csv", headers: [.ifNoneMatch: "*"])
    #expect(answer.status == 200 && answer.headers[.eTag] == nil)
  }
}
