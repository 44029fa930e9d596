import Following
import Hummingbird

/// Counts every request by its route and status, and how long its answer took.
struct StatisticsMiddleware: RouterMiddleware {
  let statistics: HTTPStatistics
  let table: RouteTable
  let time: TimeSource

  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Response
  ) async throws -> Response {
    let start = time.monotonic()
    let response = try await next(request, context)
    statistics.count(
      handler: table.handler(of: request, context) ?? HTTPStatistics.otherHandler,
      code: response.status.code, seconds: start.duration(to: time.monotonic()).inSeconds)
    return response
  }
}
