import Exposition
import HTTPTypes
import Hummingbird
import ReflexiveCore

/// `/metrics`: one consistent snapshot, in the format and encoding that the scrape asks for.
struct MetricsEndpoint: Sendable {
  /// The header in which Prometheus says after how many seconds it gives up.
  private static let scrapeTimeout = HTTPField.Name("X-Prometheus-Scrape-Timeout-Seconds")
  /// Seconds kept back for the way of the answer.
  private static let timeoutOffset = 0.1

  let snapshot: @Sendable () -> ExporterSnapshot
  let time: TimeSource

  func respond(to request: Request) -> Response {
    let deadline = deadline(of: request)
    let format = ContentNegotiation.negotiate(accept: request.headers.combined(.accept))
    let families = Collector.families(snapshot())
    guard !hasPassed(deadline) else { return Self.late }
    var page: [UInt8] = []
    format.encode(families, into: &page)
    guard !hasPassed(deadline) else { return Self.late }
    var headers: HTTPFields = [
      .contentType: format.contentType, .vary: "Accept, Accept-Encoding",
    ]
    let acceptsGzip = ContentNegotiation.acceptsGzip(request.headers.combined(.acceptEncoding))
    if acceptsGzip, let compressed = Gzip.compress(page) {
      guard !hasPassed(deadline) else { return Self.late }
      page = compressed
      headers[.contentEncoding] = "gzip"
    }
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: page)))
  }

  /// `nil` where the request names no time that is positive and short enough to be one.
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
  /// All fields of that name as one list (RFC 9110, section 5.3); `nil` where there is none.
  func combined(_ name: HTTPField.Name) -> String? {
    let values = self[values: name]
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }
}
