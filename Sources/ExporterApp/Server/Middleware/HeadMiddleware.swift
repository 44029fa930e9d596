import Hummingbird

/// Answers HEAD like GET but without the body, whatever the status is.
struct HeadMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Response
  ) async throws -> Response {
    let response = try await next(request, context)
    return request.method == .head ? response.createHeadResponse() : response
  }
}
