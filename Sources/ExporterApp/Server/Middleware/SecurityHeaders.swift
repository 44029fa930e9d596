import ConfigurationFiles
import HTTPTypes
import Hummingbird

/// Gives every response the headers of the web configuration, which replace its own, and then the
/// default headers that it lacks.
struct SecurityHeadersMiddleware: RouterMiddleware {
  let configured: @Sendable () -> [HeaderKey: String]

  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    for (key, value) in configured() {
      if let name = HTTPField.Name(key.rawValue) { response.headers[name] = value }
    }
    response.headers = response.headers.withDefaults(.forTheExporter)
    return response
  }
}

extension HTTPFields {
  /// The default headers: no sniffing of types, no frames, no scripts, no caches, no referrer. A
  /// page that needs other headers sets them itself.
  static let forTheExporter: HTTPFields = {
    var fields: HTTPFields = [
      .xContentTypeOptions: "nosniff", .cacheControl: "no-store",
      .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    ]
    for (name, value) in [
      ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
    ] {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return fields
  }()

  /// Adds the fields that are missing.
  func withDefaults(_ defaults: HTTPFields) -> HTTPFields {
    var fields = self
    for field in defaults where fields[field.name] == nil { fields.append(field) }
    return fields
  }
}
