import HTTPTypes
import Hummingbird

/// The routes of the router, for finding the route of a path whatever the method is.
///
/// The router names a path only if path and method both match. Answers with 405, and statistics of
/// requests that never reach their route, need the path alone.
struct RouteTable: Sendable {
  private let routes: [Route]
  let prefix: String
  /// The whole paths, in the order of the routes.
  private let paths: [RouterPath]

  /// - Parameter prefix: the prefix of every route's path, empty or like `/a/b`.
  init(_ routes: [Route], prefix: String = "") {
    self.routes = routes
    self.prefix = prefix
    paths = routes.map { $0.path(prefix: prefix) }
  }

  /// The values of the label `handler`.
  var handlers: [String] { routes.map(\.path.description) }

  /// The first route of a path, whatever its methods are.
  func route(of path: String) -> Route? { routes(of: path).first }

  /// The methods that are answered at a path.
  func methods(of path: String) -> [HTTPRequest.Method] { routes(of: path).flatMap(\.methods) }

  /// Whether a route reads a body that is sent to `path` with this method.
  func takesBody(_ path: String, _ method: String) -> Bool {
    routes(of: path).contains { route in
      route.takesBody && route.methods.contains { $0.rawValue.utf8.elementsEqual(method.utf8) }
    }
  }

  /// Splits `path` as the router does.
  private func routes(of path: String) -> [Route] {
    let parts = path.split(separator: "/")
    return paths.indices.filter { index in
      let path = paths[index]
      return path.count == parts.count && zip(path, parts).allSatisfy { $0 ~= $1 }
    }.map { routes[$0] }
  }

  /// Whether a request needs no user and does not count towards the rate limit, whatever its
  /// method.
  func isForProbes(_ request: Request) -> Bool {
    route(of: request.uri.path)?.isForProbes ?? false
  }

  /// The label `handler` of a request; `nil` if no route has its path.
  func handler(of request: Request, _ context: ClientContext) -> String? {
    route(of: request.uri.path)?.path.description
  }
}
