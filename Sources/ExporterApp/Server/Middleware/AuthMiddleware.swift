import ConfigurationFiles
import HTTPTypes
import Hummingbird

/// Lets in the users of the web configuration, or everybody if it has none. Probes need no user.
struct AuthMiddleware: RouterMiddleware {
  let table: RouteTable
  /// Returns the users by name.
  let users: @Sendable () -> [[UInt8]: BcryptHash]
  private let passwords = PasswordCheck()

  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Response
  ) async throws -> Response {
    let users = users()
    if !users.isEmpty, !table.isForProbes(request),
      let refusal = await refusal(of: request, from: context.client, users)
    {
      return refusal
    }
    return try await next(request, context)
  }

  /// - Returns: `nil` for a request that is let in.
  private func refusal(
    of request: Request, from client: String, _ users: [[UInt8]: BcryptHash]
  ) async -> Response? {
    guard
      let credentials = request.headers[.authorization]
        .flatMap(BasicCredentials.init(authorization:))
    else { return unauthorized(request) }
    switch await passwords.check(credentials, users: users, client: client) {
    case .accepted: return nil
    case .refused: return unauthorized(request)
    case .tooManyWaiting:
      return table.refusal(
        of: request, .tooManyRequests, "too many passwords wait to be checked",
        headers: [.retryAfter: "1"])
    }
  }

  private func unauthorized(_ request: Request) -> Response {
    table.refusal(
      of: request, .unauthorized, "a user name and password are needed",
      headers: [.wwwAuthenticate: #"Basic realm="reflexive-exporter", charset="UTF-8""#])
  }
}
