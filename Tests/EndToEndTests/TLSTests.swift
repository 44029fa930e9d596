import Foundation
import Testing

extension EndToEndTests {
  /// TLS as clients find it.
  struct TLSTests {
    private let scratch: ScratchDirectory
    private let certificates: Certificates

    init() throws {
      scratch = try ScratchDirectory()
      certificates = Certificates(in: scratch)
      try certificates.makeAuthority("ca")
      try certificates.make("server")
    }

    /// An exporter with these lines beside the certificate.
    private func start(_ lines: String..., certificate: String = "server") async throws -> Exporter
    {
      let all = ["cert_file: \(certificate).pem", "key_file: \(certificate).key"] + lines
      let file = try scratch.write(
        "web.yml", "tls_server_config:\n" + all.map { "  \($0)\n" }.joined())
      return try await Exporter.start(
        ["--store", "/does/not/exist.db", "--web.config.file", file])
    }

    /// The exit code of curl; 0 for an answer.
    private func curl(_ exporter: Exporter, _ options: [String]) throws -> Int32 {
      try Tool.run(
        "curl",
        ["-s", "-f", "-o", "/dev/null", "--max-time", "30"] + options
          + [exporter.url + "/-/healthy"]
      ).status
    }

    private func handshake(_ exporter: Exporter, _ options: [String]) throws -> Tool {
      let host = exporter.url.dropFirst("https://".count)
      return try Tool.run(
        "openssl",
        ["s_client", "-connect", String(host), "-CAfile", certificates.path("ca.pem")] + options)
    }

    @Test func bothVersionsAreSpokenAndPlainHTTPIsNot() async throws {
      let exporter = try await start()
      #expect(exporter.url.hasPrefix("https://"))
      let trust = certificates.curl()
      #expect(try curl(exporter, trust) == 0)
      #expect(try curl(exporter, trust + ["--tls-max", "1.2"]) == 0)
      #expect(try curl(exporter, trust + ["--tlsv1.3"]) == 0)
      #expect(try curl(exporter, []) != 0, "a certificate nobody trusts")
      #expect(try handshake(exporter, ["-tls1_1"]).status != 0)
      #expect(try handshake(exporter, ["-tls1_3"]).output.contains("Verify return code: 0 (ok)"))
      let plain = exporter.url.replacingOccurrences(of: "https:", with: "http:")
      #expect(try Tool.run("curl", ["-s", "--max-time", "30", plain]).status != 0)
      #expect(try curl(exporter, trust) == 0)
    }

    @Test func aMinimumOf13RefusesTLS12() async throws {
      let exporter = try await start("min_version: TLS13")
      #expect(try curl(exporter, certificates.curl() + ["--tls-max", "1.2"]) == 35)
      #expect(try curl(exporter, certificates.curl()) == 0)
    }

    /// With a key of RSA there are suites without forward secrecy, too.
    @Test(arguments: [
      ("AES128-SHA", false), ("AES256-SHA", false), ("AES128-GCM-SHA256", false),
      ("AES256-GCM-SHA384", false), ("ECDHE-RSA-AES128-SHA", false),
      ("ECDHE-RSA-AES256-SHA", false), ("ECDHE-RSA-AES128-GCM-SHA256", true),
      ("ECDHE-RSA-AES256-GCM-SHA384", true), ("ECDHE-RSA-CHACHA20-POLY1305", true),
    ])
    func theDefaultSuitesHaveForwardSecrecyAndAEAD(suite: String, isSpoken: Bool) async throws {
      try certificates.make("rsa", isRSA: true)
      let options = ["-tls1_2", "-cipher", suite + "@SECLEVEL=0"]
      let exporter = try await start(certificate: "rsa")
      #expect((try handshake(exporter, options).status == 0) == isSpoken)
      #expect(try curl(exporter, certificates.curl()) == 0)
    }

    @Test func otherSuitesAreSpokenWhereTheyAreNamed() async throws {
      try certificates.make("rsa", isRSA: true)
      let exporter = try await start(
        "cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]", certificate: "rsa")
      let tool = try handshake(exporter, ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA@SECLEVEL=0"])
      #expect(tool.status == 0, "\(tool.output)")
    }

    @Test func suitesAndCurvesAreThoseOfTheList() async throws {
      let exporter = try await start(
        "max_version: TLS12", "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]",
        "curve_preferences: [CurveP384]")
      let tool = try handshake(exporter, [])
      #expect(tool.output.contains("ECDHE-ECDSA-AES256-GCM-SHA384"))
      #expect(tool.output.contains("Server Temp Key: ECDH, secp384r1, 384 bits"))
      #expect(try handshake(exporter, ["-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"]).status != 0)
      #expect(try handshake(exporter, ["-curves", "X25519"]).status != 0)
      #expect(try handshake(exporter, ["-tls1_3"]).status != 0)
    }

    @Test func aClientIsAskedForACertificateAsTheConfigurationSays() async throws {
      try certificates.makeAuthority("other")
      try certificates.make("client")
      try certificates.make("stranger", by: "other")
      let none = certificates.curl()
      let client = certificates.curl(showing: "client")
      let stranger = certificates.curl(showing: "stranger")
      for (policy, lets) in [
        ("RequestClientCert", (none: true, client: true, stranger: true)),
        ("RequireAnyClientCert", (none: false, client: true, stranger: true)),
        ("VerifyClientCertIfGiven", (none: true, client: true, stranger: false)),
        ("RequireAndVerifyClientCert", (none: false, client: true, stranger: false)),
      ] {
        let exporter = try await start("client_auth_type: \(policy)", "client_ca_file: ca.pem")
        for version in [["--tls-max", "1.2"], ["--tlsv1.3"]] {
          #expect((try curl(exporter, none + version) == 0) == lets.none, "\(policy)")
          #expect((try curl(exporter, client + version) == 0) == lets.client, "\(policy)")
          #expect((try curl(exporter, stranger + version) == 0) == lets.stranger, "\(policy)")
        }
      }
    }

    @Test(arguments: ["RequireAndVerifyClientCert", "RequireAnyClientCert"])
    func aClientNeedsOneOfTheAllowedNames(policy: String) async throws {
      try certificates.make(
        "good", names: "DNS:a.example,email:a@example,IP:::1,URI:spiffe://example/a")
      try certificates.make("bad", names: "DNS:b.example,IP:127.0.0.1")
      for name in ["a.example", "a@example", "::1", "spiffe://example/a"] {
        let exporter = try await start(
          "client_auth_type: \(policy)", "client_ca_file: ca.pem",
          "client_allowed_sans: ['other', '\(name)']")
        #expect(try curl(exporter, certificates.curl(showing: "good")) == 0, "\(name)")
        #expect(try curl(exporter, certificates.curl(showing: "bad")) != 0, "\(name)")
        #expect(try curl(exporter, certificates.curl()) != 0)
      }
    }

    @Test func aCertificateIsReplacedWhileRunningAndABadOneIsNot() async throws {
      try certificates.make("expired", days: -1)
      for kind in ["pem", "key"] { try copy("expired", to: "live", kind) }
      let exporter = try await start(certificate: "live")
      let trust = certificates.curl()
      #expect(try curl(exporter, trust) == 60, "it has expired")

      for kind in ["pem", "key"] { try copy("server", to: "live", kind) }
      _ = try await eventually("the new certificate is shown") {
        try curl(exporter, trust) == 0 ? true : nil
      }

      try scratch.write("live.pem", "no certificate")
      _ = try await eventually("the bad certificate is noticed") {
        try exporter.log.contains("is not allowed: expected a certificate in PEM") ? true : nil
      }
      exporter.signal(SIGHUP)
      #expect(try curl(exporter, trust) == 0)
      let log = try exporter.log
      #expect(
        log.split(separator: "\n").count { $0.contains("expected a certificate in PEM") } <= 1)
      #expect(!log.contains("PRIVATE KEY"))

      try scratch.write("web.yml", "http_server_config:\n")
      _ = try await eventually("the end of TLS is refused") {
        try exporter.log.contains("to turn TLS off while running is not allowed") ? true : nil
      }
      #expect(try curl(exporter, trust) == 0)
    }

    private func copy(_ name: String, to other: String, _ kind: String) throws {
      try scratch.write("\(other).\(kind)", try scratch.contents("\(name).\(kind)"))
    }
  }
}
