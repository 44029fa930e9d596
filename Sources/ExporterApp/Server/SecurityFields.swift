import HTTPTypes

extension HTTPFields {
  /// On every answer: it is what it says it is, for nobody's frame, script or cache, and its
  /// address is for nobody else. A page that needs more says so in its own fields.
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

  /// Adds those fields that are not there yet.
  func withDefaults(_ defaults: HTTPFields) -> HTTPFields {
    var fields = self
    for field in defaults where fields[field.name] == nil { fields.append(field) }
    return fields
  }
}
