import Foundation

extension Exporter {
  /// A scrape that must be answered within a second.
  ///
  /// A busy machine may delay one scrape; a daemon that waits for a database delays the next, too.
  func scrapeInTime() throws -> Page {
    let limit = ["--max-time", "1"]
    let answer = try (try? get("/metrics", limit)) ?? get("/metrics", limit)
    guard answer.status == 200, answer.body.hasSuffix("\n") else {
      throw Failure("a scrape was answered with \(answer.status): \(answer.body.suffix(200))")
    }
    return Page(answer.body)
  }

  /// Scrapes until a page meets the condition. Every scrape must be in time.
  func page(
    _ what: String, within seconds: Double = 60, where isAsWanted: (Page) -> Bool
  ) async throws -> Page {
    var last: Page?
    do {
      return try await eventually(what, within: seconds) {
        let page = try scrapeInTime()
        last = page
        return isAsWanted(page) ? page : nil
      }
    } catch let failure as Failure {
      let store = last?.samples.filter { $0.key.hasPrefix("reflexive_store_") && $0.value != 0 }
      throw Failure("\(failure); \(store ?? [:]); \(try log.suffix(1000))")
    }
  }

  /// The process works, and no store holds it back.
  var isHealthyAndReady: Bool {
    get throws { try get("/-/healthy").status == 200 && get("/-/ready").status == 200 }
  }

  /// Whether it has a WAL open.
  var isAttachedToWAL: Bool {
    get throws {
      let descriptors = "/proc/\(processID)/fd"
      return try FileManager.default.contentsOfDirectory(atPath: descriptors).contains { name in
        let file = try? FileManager.default.destinationOfSymbolicLink(
          atPath: descriptors + "/" + name)
        return file?.hasSuffix("-wal") ?? false
      }
    }
  }

  /// The differences between the page and a slow, obvious recomputation from the table.
  func differences(from database: String, store: String = "evidence") throws -> String {
    let tool = try Tool.python(
      "compare.py", [url + "/metrics", "--db", database, "--store", store])
    return tool.status == 0 ? "" : tool.output + tool.errors
  }

  /// What strict parsers and promtool object to on the page; empty if nothing.
  func faultsOfExposition() throws -> String {
    let tool = try Tool.python("exposition_check.py", [url + "/metrics"])
    return tool.status == 0 ? "" : tool.output + tool.errors
  }
}
