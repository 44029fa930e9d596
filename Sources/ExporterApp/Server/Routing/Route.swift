import HTTPTypes
import Hummingbird

/// A path that is served, with its methods and its response.
struct Route: Sendable {
  /// Also the value of the label `handler`.
  let path: RouterPath
  let methods: [HTTPRequest.Method]
  let respond: @Sendable (Request, ClientContext) async -> Response
  /// Probes ask for it: it needs no user, and takes nothing from the limit of requests.
  var isForProbes = false

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
  func add(_ routes: [Route]) {
    for route in routes {
      for method in route.methods { on(route.path, method: method, use: route.respond) }
    }
  }
}
