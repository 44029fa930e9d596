import Foundation
import Testing

extension EndToEndTests {
  /// `check-config` on web configurations, beside promtool.
  struct WebConfigurationCheckTests {
    private static let hash = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"
    private static let base = "cert_file: server.pem, key_file: server.key"

    private static func tls(_ rest: String) -> String { "tls_server_config: {\(base), \(rest)}" }

    /// The cases of exporter-toolkit's own tests, and whether they are good.
    private static let shared: [(yaml: String, isGood: Bool)] = [
      ("", true), ("tls_server_config: {}", true), ("hWkNKCp3fvIx3jKnsaBI\nTuEjdwNS8", false),
      ("tls_server_config: {cert_filse: server.pem}", false),
      ("tls_server_config: {\(base)}", true),
      (tls("client_auth_type: VerifyClientCertIfGiven"), true),
      (tls("client_auth_type: RequireAnyClientCert"), true),
      (tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem"), true),
      (tls("client_ca_file: somefile"), false), (tls("client_ca_file: /dev/null"), false),
      (tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: none"), false),
      (tls("client_auth_type: x"), false),
      ("tls_server_config: {cert_file: '', key_file: server.key}", false),
      ("tls_server_config: {cert_file: somefile, key_file: server.key}", false),
      ("tls_server_config: {cert_file: '', key_file: '', client_auth_type: x}", false),
      ("tls_server_config: {cert_file: somefile, key_file: somefile}", false),
      ("tls_server_config: {cert_file: server.pem, key_file: ''}", false),
      ("tls_server_config: {cert_file: server.pem, key_file: somefile}", false),
      ("tls_server_config: {cert_file: server.pem, key_file: ca.key}", false),
      ("tls_server_config: {cert_file: server.key, key_file: server.key}", false),
      (tls("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048]"), false),
      (
        tls(
          "min_version: TLS12, max_version: TLS12, cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384], prefer_server_cipher_suites: false"
        ), true
      ),
      (tls("curve_preferences: [CurveP257]"), false),
      (tls("curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]"), true),
      (tls("min_version: TLS111"), false), (tls("min_version: TLS13"), true),
      ("http_server_config: {http2: false}", true),
      ("http_server_config: {headers: {X-Frame-Options: deny, X-XSS-Protection: 1}}", true),
      ("http_server_config: {headers: {X-Content-Type-Options: sniff}}", false),
      ("http_server_config: {headers: {Content-Type: foo}}", false),
      ("http_server_config: {headers: {X-Frame-Options: foo}}", false),
      ("basic_auth_users: {alice: \(hash), bob: \(hash)}", true),
      ("basic_auth_users: {john: doe}", false),
    ]

    /// To Swift both names are equal.
    @Test func filesThatOnlyUnicodeTakesForTheSameAreTwo() throws {
      let scratch = try ScratchDirectory()
      let certificates = Certificates(in: scratch)
      try certificates.makeAuthority("\u{e9}")
      try FileManager.default.moveItem(
        atPath: scratch.file("\u{e9}.key"), toPath: scratch.file("e\u{301}.pem"))
      let file = try scratch.write(
        "web.yml",
        "tls_server_config: {cert_file: \"\u{e9}.pem\", key_file: \"e\u{301}.pem\"}\n")
      let tool = try check(file)
      #expect(tool.status == 0, "\(tool.errors)")
    }

    private func check(_ file: String) throws -> Tool {
      try Tool.run(Paths.exporter, ["check-config", "--web.config.file", file])
    }

    @Test func promtoolAgreesOnWhatIsGood() throws {
      let scratch = try ScratchDirectory()
      let certificates = Certificates(in: scratch)
      try certificates.makeAuthority("ca")
      try certificates.make("server")
      for (yaml, isGood) in Self.shared {
        let file = try scratch.write("web.yml", yaml + "\n")
        let tool = try check(file)
        #expect(tool.status == (isGood ? 0 : 2), "\(yaml): \(tool.errors)")
        #expect(isGood || tool.errors.contains("web.yml:"), "\(yaml): \(tool.errors)")
        let oracle = try Tool.run("promtool", ["check", "web-config", file])
        #expect((oracle.status == 0) == isGood, "\(yaml): \(oracle.errors)")
      }
    }

    @Test(arguments: [
      (
        "key_file: ca.key",
        #"key_file: "DIR/ca.key" is not allowed: it is not that of the certificate "DIR/server.pem": expected the private key"#
      ),
      (
        "key_file: server.pem",
        #"key_file: "DIR/server.pem" is not allowed: expected a private key in PEM"#
      ),
      (
        "key_file: none",
        #"key_file: "DIR/none" is not allowed: No such file or directory: expected a file"#
      ),
      (
        "key_file: server.key, client_auth_type: RequireAnyClientCert, client_ca_file: ca.key",
        #"client_ca_file: "DIR/ca.key" is not allowed: expected a certificate in PEM"#
      ),
      ("key: SECRET", #"key: this text is not allowed: expected a private key in PEM"#),
      (#"key_file: "SECRET\nSECRET""#, "key_file: this text is not allowed: No such file"),
    ])
    func anErrorNamesTheFileAndWhatIsExpectedOfIt(key: String, expected: String) throws {
      let scratch = try ScratchDirectory()
      let certificates = Certificates(in: scratch)
      try certificates.makeAuthority("ca")
      try certificates.make("server")
      let file = try scratch.write(
        "web.yml", "tls_server_config: {cert_file: server.pem, \(key)}\n")
      let tool = try check(file)
      #expect(tool.status == 2)
      #expect(
        tool.errors.contains("tls_server_config." + expected.replacing("DIR", with: scratch.path)),
        "\(tool.errors)")
      #expect(!tool.errors.contains("SECRET"))
    }

    @Test func aFileOverAMebibyteIsRefusedAndNotCut() throws {
      let scratch = try ScratchDirectory()
      let certificates = Certificates(in: scratch)
      try certificates.makeAuthority("ca")
      try certificates.make("server")
      let text = try scratch.contents("server.pem")
      try scratch.write("server.pem", text + String(repeating: "\n", count: 1 << 20) + text)
      let file = try scratch.write("web.yml", "tls_server_config: {\(Self.base)}\n")
      let tool = try check(file)
      #expect(tool.status == 2)
      #expect(tool.errors.contains("File too large"), "\(tool.errors)")
      let comment = "#" + String(repeating: "x", count: 1 << 20)
      let large = try check(scratch.write("large.yml", comment))
      #expect(large.status == 2)
      #expect(large.errors.contains("large.yml: cannot be read: File too large"))
    }

    @Test func certificatesAndKeysCanStandInTheFile() throws {
      let scratch = try ScratchDirectory()
      let certificates = Certificates(in: scratch)
      try certificates.makeAuthority("ca")
      try certificates.make("server")
      let inline = { (key: String, file: String) in
        let lines = try scratch.contents(file).split(separator: "\n")
        return "  \(key): |\n" + lines.map { "    \($0)\n" }.joined()
      }
      let file = try scratch.write(
        "web.yml",
        "tls_server_config:\n  client_auth_type: RequireAnyClientCert\n"
          + inline("cert", "server.pem") + inline("key", "server.key")
          + inline("client_ca", "ca.pem"))
      #expect(try check(file).status == 0)
    }

    @Test func aBadFileEndsTheStartWithExitCode2AndTheFlagMayComeFromTheEnvironment() throws {
      let scratch = try ScratchDirectory()
      let file = try scratch.write("web.yml", "basic_auth_users:\n  john: SECRET\n")
      let tool = try Tool.run(
        Paths.exporter, ["serve", "--store", "/does/not/exist.db"],
        environment: ["REFLEXIVE_EXPORTER_WEB_CONFIG_FILE": file])
      #expect(tool.status == 2)
      #expect(tool.errors.contains(#"web.yml:2:9: basic_auth_users["john"]: this text is not"#))
      #expect(!tool.errors.contains("SECRET"))
      let missing = try check("/does/not/exist.yml")
      #expect(missing.status == 2)
      #expect(missing.errors.contains("/does/not/exist.yml: cannot be read"))
    }
  }
}
