import ConfigurationFiles
import Exposition
import Following
import HTTPTypes
import Hummingbird
import NIOCore
import ReflexiveCore

/// The pages for people.
struct PageRoutes: Sendable {
  let address: WebAddress
  let telemetryPath: String
  let build: BuildInfo
  let options: ServeOptions
  let registry: StoreRegistry
  let configuration: ConfigurationService
  let time: TimeSource
  let queries: EvidenceQueries
  let receiver: Receiver
  /// Whether `/api/v1/events` is served.
  var hasEvents = false
  let compressor = PageCompressor()

  var routes: [Route] {
    [
      page("/", ["range", "store", "all"]) { (input, _) throws(PageRefusal) in
        try OverviewPage(input).page
      },
      page("/agent", ["range", "store", "agent"]) { (input, _) async throws(PageRefusal) in
        try await AgentPage(input).page
      },
      page("/gate", ["range", "store", "gate"]) { (input, _) async throws(PageRefusal) in
        try await GatePage(input).page
      },
      page("/subject", ["range", "store", "subject"]) { (input, _) async throws(PageRefusal) in
        try await SubjectPage(input).page
      },
      page("/evidence", Self.rowParameters.union(EvidenceParameters.pagingNames)) {
        (input, _) async throws(PageRefusal) in
        try await EvidenceListPage(input).page
      },
      page("/evidence/{id}", Self.rowParameters) { (input, id) async throws(PageRefusal) in
        try await EvidenceRowPage(input, id: id).page
      },
      page("/status", []) { (input, _) throws(PageRefusal) in
        StatusPage(input, options, receiver.refusals.latest).page
      },
    ]
  }

  private func page(
    _ path: String, _ parameters: Set<String>,
    _ make: @escaping Make
  ) -> Route {
    .get(RouterPath(path)) { request, context in
      let id =
        context.parameters.get("id")
        .flatMap { PercentEncoding.decode($0, plusIsSpace: false) } ?? ""
      return await respond(to: request, path, id: id, parameters.union(["refresh"]), make)
    }
  }

  /// Makes a page; the text is the variable part of its path, if it has one.
  private typealias Make = @Sendable (PageInput, String) async throws(PageRefusal) -> Page

  private static let rowParameters = EvidenceParameters.filterNames.union(["store"])

  private func respond(
    to request: Request, _ pattern: String, id: String, _ allowed: Set<String>, _ make: Make
  ) async -> Response {
    let now = time.wall()
    let path =
      pattern.utf8.last == UInt8(ascii: "}")
      ? pattern.dropLast(4) + PercentEncoding.encode(id) : pattern
    var context = PageContext(
      address: address, telemetryPath: telemetryPath, build: build, now: now, path: path,
      query: [], refresh: nil)
    let page: Page
    do throws(PageRefusal) {
      let parameters = try Self.parameters(request, allowed)
      context = PageContext(
        address: address, telemetryPath: telemetryPath, build: build, now: now, path: path,
        query: parameters.pairs.filter { $0.name != "refresh" && !$0.value.isEmpty },
        refresh: try Self.refresh(parameters))
      page = try await make(
        PageInput(
          parameters: parameters, context: context, configuration: configuration.current,
          reload: configuration.reloadStatus, stores: registry.detailedSnapshots(at: now),
          followed: registry.stores,
          queries: queries, hasEvents: hasEvents), id)
    } catch {
      page = error.page
    }
    return await response(page, to: request, context)
  }

  private static func parameters(
    _ request: Request, _ allowed: Set<String>
  ) throws(PageRefusal) -> QueryParameters {
    do throws(QueryParameters.Problem) {
      return try QueryParameters(request, allowed: allowed)
    } catch {
      throw .bad(error)
    }
  }

  private static func refresh(_ parameters: QueryParameters) throws(PageRefusal) -> Int? {
    guard let text = parameters["refresh"] else { return nil }
    guard let seconds = Int(text), (5...3600).contains(seconds) else {
      throw .bad(
        QueryParameters.Problem(
          parameter: "refresh", value: text, reason: "expected whole seconds from 5 to 3600"))
    }
    return seconds
  }

  private func response(
    _ page: Page, to request: Request, _ context: PageContext
  ) async -> Response {
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .vary: "Accept-Encoding",
      .contentSecurityPolicy: Self.policy,
    ]
    if let refresh = context.refresh, let name = HTTPField.Name("Refresh") {
      headers[name] = String(refresh)
    }
    if let seconds = page.retryAfter { headers[.retryAfter] = String(seconds) }
    var bytes = ByteBuffer(string: PageLayout(context: context).document(page).markup)
    if ContentNegotiation.acceptsGzip(request.headers.combined(.acceptEncoding)),
      let compressed = await compressor.compress(bytes)
    {
      headers[.contentEncoding] = "gzip"
      bytes = compressed
    }
    return Response(status: page.status, headers: headers, body: ResponseBody(byteBuffer: bytes))
  }

  /// A page is its own bytes, its style sheet and its script by their hashes, and what the script asks
  /// the exporter for.
  static let policy = """
    default-src 'none'; style-src \(InlineAsset.styleSheet.source); \
    script-src \(InlineAsset.script.source); connect-src 'self'; img-src data:; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'
    """
}

/// Compresses one page after the other, with the memory of one for the next.
actor PageCompressor {
  private let gzip = Gzip()

  /// - Returns: `nil` without memory for it.
  func compress(_ page: ByteBuffer) -> ByteBuffer? {
    gzip.compress(page.readableBytesView).map { ByteBuffer(bytes: $0) }
  }
}
