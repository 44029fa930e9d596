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
  let compressor = PageCompressor()

  var routes: [Route] {
    [
      page("/", ["range", "store", "all"]) { (input) throws(PageRefusal) in
        try OverviewPage(input).page
      },
      page("/agent", ["range", "store", "agent"]) { (input) throws(PageRefusal) in
        try AgentPage(input).page
      },
      page("/gate", ["range", "store", "gate"]) { (input) throws(PageRefusal) in
        try GatePage(input).page
      },
      page("/subject", ["range", "store", "subject"]) { (input) throws(PageRefusal) in
        try SubjectPage(input).page
      },
      page("/status", []) { (input) throws(PageRefusal) in StatusPage(input, options).page },
    ]
  }

  private func page(
    _ path: String, _ parameters: Set<String>,
    _ make: @escaping @Sendable (PageInput) throws(PageRefusal) -> Page
  ) -> Route {
    .get(RouterPath(path)) { request, _ in
      await respond(to: request, path, parameters.union(["refresh"]), make)
    }
  }

  private func respond(
    to request: Request, _ path: String, _ allowed: Set<String>,
    _ make: @Sendable (PageInput) throws(PageRefusal) -> Page
  ) async -> Response {
    let now = time.wall()
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
      page = try make(
        PageInput(
          parameters: parameters, context: context, configuration: configuration.current,
          reload: configuration.reloadStatus, stores: registry.detailedSnapshots(at: now)))
    } catch {
      page = error.page
    }
    return await response(
      PageLayout(context: context).document(page), page.status, to: request, context)
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
    _ document: HTML, _ status: HTTPResponse.Status, to request: Request, _ context: PageContext
  ) async -> Response {
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .vary: "Accept-Encoding",
      .contentSecurityPolicy: Self.policy,
    ]
    if let refresh = context.refresh, let name = HTTPField.Name("Refresh") {
      headers[name] = String(refresh)
    }
    var bytes = ByteBuffer(string: document.markup)
    if ContentNegotiation.acceptsGzip(request.headers.combined(.acceptEncoding)),
      let compressed = await compressor.compress(bytes)
    {
      headers[.contentEncoding] = "gzip"
      bytes = compressed
    }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
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
