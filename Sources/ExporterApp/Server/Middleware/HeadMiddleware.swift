import Hummingbird

/// Answers HEAD like GET but without the body, whatever the status is.
///
/// A stream has no length that could be told: its transfer coding says so, as it does to GET.
struct HeadMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Response
  ) async throws -> Response {
    let response = try await next(request, context)
    guard request.method == .head else { return response }
    var head = response.createHeadResponse()
    if response.headers[.contentLength] == nil {
      head.headers[.contentLength] = nil
      head.headers[.transferEncoding] = "chunked"
    }
    return head
  }
}
