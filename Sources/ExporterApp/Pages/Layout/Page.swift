import HTTPTypes
import ReflexiveCore

/// One page before it is laid out.
struct Page: Sendable {
  /// The entries of the navigation.
  enum Section: CaseIterable, Sendable {
    case overview, evidence, status
  }

  var status = HTTPResponse.Status.ok
  /// Also in the title of the window.
  var heading: HTML
  var title: String
  var section: Section?
  var content: HTML
  /// What the script listens for; `nil` for nothing.
  var live: Live?
  /// Seconds after which another try may work.
  var retryAfter: Int?

  /// Which stream of events the page listens to.
  struct Live: Sendable {
    var events: Link
    /// The API's rows that are newer than the page, under its filter.
    var rows: Link
    /// The address of the page with the newest rows.
    var reload: Link
  }
}

/// What every page needs beside what it shows.
struct PageContext: Sendable {
  let address: WebAddress
  let telemetryPath: String
  let build: BuildInfo
  /// The moment that every number of the page is of.
  let now: UnixTime
  /// The path of the page, and its parameters without `refresh`.
  let path: String
  let query: [(name: String, value: String)]
  /// Seconds after which the browser loads the page again, if it does.
  let refresh: Int?

  func link(_ path: String, _ query: [(name: String, value: String)] = []) -> Link {
    address.link(path, query)
  }

  /// This page, with another value of one parameter; `nil` leaves it out.
  func here(with name: String, _ value: String?) -> Link {
    let others = query.filter { $0.name != name }
    return link(path, others + (value.map { [(name, $0)] } ?? []))
  }
}
