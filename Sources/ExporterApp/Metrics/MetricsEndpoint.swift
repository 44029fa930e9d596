import Exposition
import Following
import HTTPTypes
import Hummingbird

/// `/metrics`: one consistent snapshot, in the format and encoding that the scrape asks for.
struct MetricsEndpoint: Sendable {
  /// The header in which Prometheus gives its timeout.
  private static let scrapeTimeout = HTTPField.Name("X-Prometheus-Scrape-Timeout-Seconds")
  /// Seconds reserved for sending the answer.
  private static let timeoutOffset = 0.1

  let path: RouterPath
  let pages: MetricsPages
  let time: TimeSource

  var routes: [Route] { [.get(path) { request, _ in await respond(to: request) }] }

  private func respond(to request: Request) async -> Response {
    let deadline = deadline(of: request)
    let kind = MetricsPages.Kind(
      format: ContentNegotiation.negotiate(accept: request.headers.combined(.accept)),
      isCompressed: ContentNegotiation.acceptsGzip(request.headers.combined(.acceptEncoding)))
    let page = await pages.page(kind)
    guard !hasPassed(deadline) else { return Self.late }
    var headers: HTTPFields = [
      .contentType: kind.format.contentType, .vary: "Accept, Accept-Encoding",
    ]
    if page.isCompressed { headers[.contentEncoding] = "gzip" }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: page.bytes))
  }

  /// The end of the scrape's timeout; `nil` unless the request has one above 0 and below a day.
  private func deadline(of request: Request) -> ContinuousClock.Instant? {
    guard let name = Self.scrapeTimeout, let seconds = request.headers[name].flatMap(Double.init),
      seconds > 0, seconds < 86_400
    else { return nil }
    let budget = max(seconds - Self.timeoutOffset, seconds / 2)
    return time.monotonic().advanced(by: .seconds(budget))
  }

  private func hasPassed(_ deadline: ContinuousClock.Instant?) -> Bool {
    deadline.map { time.monotonic() >= $0 } ?? false
  }

  private static var late: Response {
    .text(.serviceUnavailable, "503: the page was not ready before the scrape's timeout\n")
  }
}

extension HTTPFields {
  /// All fields with this name as one list (RFC 9110, section 5.3); `nil` if there is none.
  func combined(_ name: HTTPField.Name) -> String? {
    let values = self[values: name]
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }
}
