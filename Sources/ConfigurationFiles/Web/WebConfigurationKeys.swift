/// The keys of a web configuration file, section by section, as in
/// https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md.
package enum WebFileKey: String, CaseIterable, Sendable {
  case tls = "tls_server_config"
  case http = "http_server_config"
  case users = "basic_auth_users"
  case rateLimit = "rate_limit"
}

enum TLSKey: String, CaseIterable, Sendable {
  case certificate = "cert"
  case certificateFile = "cert_file"
  case key
  case keyFile = "key_file"
  case clientCA = "client_ca"
  case clientCAFile = "client_ca_file"
  case clientAuthentication = "client_auth_type"
  case clientAllowedNames = "client_allowed_sans"
  case minimumVersion = "min_version"
  case maximumVersion = "max_version"
  case cipherSuites = "cipher_suites"
  case preferServerCipherSuites = "prefer_server_cipher_suites"
  case curves = "curve_preferences"
}

enum HTTPKey: String, CaseIterable, Sendable {
  case http2
  case headers
}

/// The keys are also the names of the headers.
package enum HeaderKey: String, CaseIterable, Sendable {
  case contentSecurityPolicy = "Content-Security-Policy"
  case frameOptions = "X-Frame-Options"
  case contentTypeOptions = "X-Content-Type-Options"
  case xssProtection = "X-XSS-Protection"
  case strictTransportSecurity = "Strict-Transport-Security"
}

enum RateLimitKey: String, CaseIterable, Sendable {
  case interval
  case burst
}
