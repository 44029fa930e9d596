import HTTPTypes
import Hummingbird

/// The routes of the router, to find the route of a path whatever the method is.
///
/// The router names a path only where path and method both match. Answers with 405, and statistics
/// of requests that never reach their route, need the path alone.
struct RouteTable: Sendable {
  private let routes: [Route]

  init(_ routes: [Route]) { self.routes = routes }

  /// The values of the label `handler`.
  var handlers: [String] { routes.map(\.path.description) }

  /// Splits `path` as the router does.
  func route(of path: String) -> Route? {
    let parts = path.split(separator: "/")
    return routes.first { route in
      route.path.count == parts.count && zip(route.path, parts).allSatisfy { $0 ~= $1 }
    }
  }

  /// Whether a request is let through without a user and a token, whatever its method.
  func isForProbes(_ request: Request) -> Bool {
    route(of: request.uri.path)?.isForProbes ?? false
  }

  /// The label `handler` of a request; `nil` if no route has its path.
  func handler(of request: Request, _ context: ClientContext) -> String? {
    // For a request without a route, the router sets a name that is not a path.
    if let path = context.endpointPath, path.utf8.first == UInt8(ascii: "/") { return path }
    return route(of: request.uri.path)?.path.description
  }
}
