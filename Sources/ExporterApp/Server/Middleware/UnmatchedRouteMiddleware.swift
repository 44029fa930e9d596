import HTTPTypes
import Hummingbird

/// Answers requests that the router has no route for: 404, or 405 with `Allow` if the path has
/// routes for other methods.
struct UnmatchedRouteMiddleware: RouterMiddleware {
  let table: RouteTable
  /// The page to which a lost client is referred.
  let start: Link

  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound {
      guard let route = table.route(of: request.uri.path) else {
        return table.refusal(
          of: request, .notFound, "there is nothing here; start at \(start.text)")
      }
      let allowed = table.methods(of: request.uri.path).map(\.rawValue).joined(separator: ", ")
      return table.refusal(
        of: request, .methodNotAllowed, "\(route.path) answers \(allowed)",
        headers: [.allow: allowed])
    }
  }
}
