import Foundation
import Testing

@testable import ConfigurationFiles

private let hash = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"

/// Web configurations that are accepted and refused, as text. End-to-end tests cover their
/// certificates.
struct WebConfigurationTests {
  private func parse(_ yaml: String) throws -> WebConfiguration {
    try WebConfiguration.parse(yaml: Array(yaml.utf8), file: "dir/web.yml")
  }

  private func message(_ yaml: String) -> String {
    do {
      _ = try parse(yaml)
      return "no error"
    } catch {
      return String(describing: error)
    }
  }

  private func tls(_ lines: String) -> String {
    "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n"
      + lines.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  @Test(arguments: [
    "", "{}", "tls_server_config:", "tls_server_config: {}", "basic_auth_users: {}",
    "http_server_config: { http2: false }", "rate_limit: { interval: 0, burst: 0 }",
  ])
  func anEmptyConfigurationServesPlainHTTPToEverybody(yaml: String) throws {
    let configuration = try parse(yaml)
    #expect(configuration.tls == nil && configuration.users.isEmpty)
    #expect(configuration.headers.isEmpty && configuration.rateLimit == nil)
  }

  @Test func everyKeyIsTakenUp() throws {
    let configuration = try parse(
      tls(
        """
        client_ca_file: /ca.pem
        client_auth_type: RequireAndVerifyClientCert
        client_allowed_sans: [one, two]
        min_version: TLS11
        max_version: TLS12
        cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256]
        prefer_server_cipher_suites: false
        curve_preferences: [X25519, CurveP521]
        """) + """
          http_server_config:
            http2: true
            headers:
              X-Frame-Options: deny
              X-XSS-Protection: 1
              Content-Security-Policy: "default-src 'self'"
              Strict-Transport-Security: ""
          basic_auth_users:
            alice: \(hash)
          rate_limit: { interval: 1.5s, burst: 3 }
          """)
    let settings = try #require(configuration.tls)
    #expect(settings.files == ["dir/server.crt", "dir/server.key", "/ca.pem"])
    #expect(settings.clientAuthentication == .requireAndVerify)
    #expect(settings.allowedNames == [Array("one".utf8), Array("two".utf8)])
    #expect(settings.minimumVersion == .tls11 && settings.maximumVersion == .tls12)
    #expect(settings.cipherSuites.map(\.rawValue) == ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"])
    #expect(settings.curves == [.x25519, .secp521r1])
    #expect(
      configuration.headers == [
        .frameOptions: "deny", .xssProtection: "1", .contentSecurityPolicy: "default-src 'self'",
      ])
    #expect(configuration.users.keys.map { String(decoding: $0, as: UTF8.self) } == ["alice"])
    #expect(configuration.rateLimit == .init(interval: .milliseconds(1500), burst: 3))
  }

  @Test func theDocumentedExampleIsAcceptedAndHasEveryKey() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let example = try String(
      contentsOf: root.appendingPathComponent("deploy/web-config.example.yml"), encoding: .utf8)
    let configuration = try parse(example)
    #expect(configuration.tls?.clientAuthentication == .requireAndVerify)
    #expect(configuration.headers.count == HeaderKey.allCases.count)
    let hash = try #require(configuration.users[Array("prometheus".utf8)])
    #expect(hash.text == "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi")
    let keys =
      WebFileKey.allCases.map(\.rawValue) + TLSKey.allCases.map(\.rawValue)
      + HTTPKey.allCases.map(\.rawValue) + RateLimitKey.allCases.map(\.rawValue)
    for key in keys where !["cert", "key", "client_ca"].contains(key) {
      #expect(example.contains("\(key):"), "\(key)")
    }
  }

  @Test func suitesAreThoseWithForwardSecrecyAndAEADUnlessOthersAreNamed() throws {
    let settings = try #require(try parse(tls("min_version: TLS12")).tls)
    #expect(settings.cipherSuites.count == 6)
    for suite in settings.cipherSuites {
      #expect(suite.rawValue.contains(/^TLS_ECDHE_(ECDSA|RSA)_WITH_.*(_GCM_|_POLY1305_)/))
    }
    let old = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
    let named = try #require(
      try parse(tls("min_version: TLS10\nmax_version: TLS11\ncipher_suites: [\(old)]")).tls)
    #expect(named.cipherSuites.map(\.rawValue) == [old])
  }

  @Test func suitesOfTLS13AloneLeaveOutWhatIsBelow() throws {
    let twice = try #require(try parse(tls("curve_preferences: [X25519, X25519]")).tls)
    #expect(twice.curves == [.x25519])
    let settings = try #require(try parse(tls("cipher_suites: [TLS_AES_128_GCM_SHA256]")).tls)
    #expect(
      settings.minimumVersion == .tls13 && settings.cipherSuites == TLSSettings.CipherSuite.standard
    )
  }

  @Test(arguments: [
    ("junk", "1:1: \"junk\" is not allowed: expected a mapping with the keys"),
    (
      "tls_server_config:\n  cert_filse: a",
      #"2:3: tls_server_config.cert_filse: the key "cert_filse" is not allowed: expected one of cert, cert_file, key, key_file, client_ca"#
    ),
    (
      "tls_server_config: { key_file: a }",
      "1:20: tls_server_config: TLS without a certificate is not allowed: expected one, as cert or cert_file"
    ),
    (
      "tls_server_config: { cert_file: '', key_file: '', client_auth_type: x }",
      "1:20: tls_server_config: TLS without a certificate is not allowed: expected one, as cert or cert_file"
    ),
    (
      "tls_server_config: { cert_file: a, key: '' }",
      "1:20: tls_server_config: TLS without a private key is not allowed: expected that of the certificate, as key or key_file"
    ),
    (
      "tls_server_config: { cert_file: a, cert: b, key: c }",
      #"1:20: tls_server_config: cert beside cert_file "a" is not allowed: expected one of them"#
    ),
    ("tls_server_config: { min_version: TLS12 }", "TLS without a certificate is not allowed"),
    (
      "http_server_config: { headers: { Content-Type: foo } }",
      #"1:34: http_server_config.headers.Content-Type: the key "Content-Type" is not allowed: expected one of Content-Security-Policy"#
    ),
    (
      "http_server_config: { headers: { X-Frame-Options: foo } }",
      #"1:51: http_server_config.headers.X-Frame-Options: "foo" is not allowed: expected deny or sameorigin"#
    ),
    ("http_server_config: { headers: { X-Content-Type-Options: sniff } }", "expected nosniff"),
    (
      "http_server_config: { headers: { X-XSS-Protection: \"1\\r\\nSet-Cookie: a\" } }",
      "expected the value of a header"
    ),
    ("http_server_config: { http2: maybe }", "expected true or false"),
    (
      "basic_auth_users: { john: doe }",
      #"1:27: basic_auth_users["john"]: this text is not allowed: expected a hash of bcrypt"#
    ),
    (
      "basic_auth_users: { 'a:b': \(hash) }",
      #"1:21: basic_auth_users: the name "a:b" is not allowed: no client can send a colon: expected"#
    ),
    ("basic_auth_users: [john]", "expected a mapping from the name of a user"),
    (
      "rate_limit: { interval: 5, burst: 1 }",
      #"1:25: rate_limit.interval: "5" is not allowed: expected a Go duration"#
    ),
    ("rate_limit: { interval: 1d }", "rate_limit.interval"),
    ("rate_limit: { interval: 1s, burst: -1 }", "rate_limit.burst"),
  ])
  func aMistakeIsNamedInOneLine(yaml: String, expected: String) {
    let message = message(yaml)
    #expect(message.hasPrefix("dir/web.yml:"))
    #expect(message.contains(expected), "\(message)")
    #expect(message.contains(" is not allowed: ") && message.contains("expected "), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test(arguments: [
    ("client_auth_type: x", #"tls_server_config.client_auth_type: "x" is not allowed"#),
    (
      "client_ca_file: ca.pem",
      #"tls_server_config.client_ca_file: "dir/ca.pem" is not allowed: it has no effect without"#
    ),
    (
      "client_allowed_sans: [a]",
      "tls_server_config.client_allowed_sans: a list is not allowed: it has no effect without"
    ),
    (
      "client_auth_type: RequireAnyClientCert\nclient_allowed_sans: []",
      "an empty list is not allowed: it lets nobody in: expected"
    ),
    ("min_version: TLS111", #""TLS111" is not allowed: expected TLS10, TLS11, TLS12, TLS13"#),
    (
      "max_version: TLS11",
      #""TLS11" is not allowed: min_version TLS12 is above max_version TLS11: expected"#
    ),
    ("min_version: TLS13\nmax_version: TLS12", "min_version TLS13 is above max_version TLS12"),
    ("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048]", "cipher_suites[0]"),
    ("cipher_suites: TLS_AES_128_GCM_SHA256", "expected a list of cipher suites"),
    (
      "min_version: TLS10\nmax_version: TLS11",
      #""TLS11" is not allowed: no cipher suite in force is of that version: expected"#
    ),
    (
      "max_version: TLS12\ncipher_suites: [TLS_AES_128_GCM_SHA256]",
      "TLS_AES_128_GCM_SHA256 is not allowed: max_version TLS12 leaves TLS 1.3 out: expected"
    ),
    (
      "curve_preferences: [CurveP257]",
      #"curve_preferences[0]: "CurveP257" is not allowed: expected CurveP256, CurveP384, CurveP521, X25519"#
    ),
    ("prefer_server_cipher_suites: x", "expected true or false"),
  ])
  func aMistakeInTLSIsNamed(lines: String, expected: String) {
    let message = message(tls(lines))
    #expect(message.contains(expected), "\(message)")
    #expect(message.contains(" is not allowed: ") && message.contains("expected "), "\(message)")
  }

  @Test(arguments: [
    "tls_server_config: { cert_file: a, key: [SECRET] }",
    "tls_server_config: { cert: { SECRET: 1 }, key: SECRET }",
    "basic_auth_users: SECRET", "basic_auth_users: { john: SECRET }",
    "basic_auth_users: { john: [SECRET] }",
  ])
  func noMessageTellsASecret(yaml: String) {
    let message = message(yaml)
    #expect(message != "no error" && !message.contains("SECRET"), "\(message)")
  }

  @Test(arguments: [
    ("0", 0), ("1s", 1000), ("1.5s", 1500), ("1m30s", 90_000), ("1h", 3_600_000), ("100ms", 100),
    (".5s", 500), ("1s1m", 61_000), ("1500us", 1.5), ("0s", 0),
  ])
  func aDurationIsReadAsGoReadsIt(text: String, milliseconds: Double) {
    #expect(GoDurationText.duration(text) == .microseconds(Int64(milliseconds * 1000)))
  }

  @Test(arguments: ["", "1", "s", "1d", "-1s", "+1s", "1.1.1s", "1 s", "1e3s", "9999999999h"])
  func whatIsNoDurationOfGoIsRefused(text: String) {
    #expect(GoDurationText.duration(text) == nil)
  }
}
