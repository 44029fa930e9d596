import HTTPTypes
import Hummingbird

/// A served path with its methods and its response.
struct Route: Sendable {
  /// The path without the common prefix. It is also the value of the label `handler`.
  let path: RouterPath
  let methods: [HTTPRequest.Method]
  let respond: @Sendable (Request, ClientContext) async -> Response
  /// Whether the route is for probes, which need no user and do not count towards the rate limit.
  var isForProbes = false
  /// Whether the route reads the body of a request. Other bodies are dropped.
  var takesBody = false

  func path(prefix: String) -> RouterPath {
    prefix.isEmpty ? path : RouterPath(prefix + path.description)
  }

  /// A route for GET and HEAD.
  static func get(
    _ path: RouterPath, _ respond: @escaping @Sendable (Request, ClientContext) async -> Response
  ) -> Route {
    Route(path: path, methods: [.get, .head], respond: respond)
  }

  /// A route for probes, with GET and HEAD.
  static func probe(
    _ path: RouterPath, _ respond: @escaping @Sendable (Request, ClientContext) async -> Response
  ) -> Route {
    Route(path: path, methods: [.get, .head], respond: respond, isForProbes: true)
  }

  /// A route for POST and PUT.
  static func post(
    _ path: RouterPath, _ respond: @escaping @Sendable (Request, ClientContext) async -> Response
  ) -> Route {
    Route(path: path, methods: [.post, .put], respond: respond)
  }
}

extension Router<ClientContext> {
  /// Adds routes, with the middleware that was added before.
  ///
  /// - Parameter prefix: the prefix of every path, empty or like `/a/b`.
  func add(_ routes: [Route], prefix: String) {
    for route in routes {
      let path = route.path(prefix: prefix)
      for method in route.methods { on(path, method: method, use: route.respond) }
    }
  }
}
