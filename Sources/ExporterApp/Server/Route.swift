import Following
import HTTPTypes
import Hummingbird

/// One path that is served, and how.
struct Route: Sendable {
  /// Also the value of the label `handler`.
  var path: String
  var methods: [HTTPRequest.Method]
  var respond: @Sendable (Request) async -> Response

  /// A route for GET and HEAD.
  static func get(
    _ path: String, _ respond: @escaping @Sendable (Request) async -> Response
  ) -> Route {
    Route(path: path, methods: [.get, .head], respond: respond)
  }

  /// A route for POST and PUT.
  static func post(
    _ path: String, _ respond: @escaping @Sendable (Request) async -> Response
  ) -> Route {
    Route(path: path, methods: [.post, .put], respond: respond)
  }
}

/// Answers requests by a table of exact paths: 404 for other paths, 405 with `Allow` for other
/// methods, HEAD as GET without its body.
struct RouteTable: HTTPResponder {
  typealias Context = ClientContext

  private let routes: [String: Route]
  private let statistics: HTTPStatistics
  private let gate: WebGate?
  private let time: TimeSource

  init(_ routes: [Route], statistics: HTTPStatistics, gate: WebGate?, time: TimeSource) {
    self.routes = Dictionary(routes.map { ($0.path, $0) }) { first, _ in first }
    self.statistics = statistics
    self.gate = gate
    self.time = time
  }

  func respond(to request: Request, context: ClientContext) async throws -> Response {
    let start = time.monotonic()
    let route = routes[request.uri.path]
    var response: Response
    if let refusal = await gate?.refusal(of: request, from: context.client) {
      response = refusal
    } else {
      response = await respond(to: request, by: route)
    }
    gate?.complete(&response)
    response.headers = response.headers.withDefaults(.forTheExporter)
    statistics.count(
      handler: route?.path ?? HTTPStatistics.otherHandler, code: response.status.code,
      seconds: start.duration(to: time.monotonic()).inSeconds)
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func respond(to request: Request, by route: Route?) async -> Response {
    guard let route else { return .text(.notFound, "404: there is nothing here; start at /\n") }
    guard route.methods.contains(request.method) else {
      let allowed = route.methods.map(\.rawValue).joined(separator: ", ")
      return .text(
        .methodNotAllowed, "405: \(route.path) answers \(allowed)\n", headers: [.allow: allowed])
    }
    return await route.respond(request)
  }
}

extension Response {
  static func text(
    _ status: HTTPResponse.Status, _ text: String, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "text/plain; charset=utf-8"
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
