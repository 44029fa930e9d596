import Foundation
import Testing

extension EndToEndTests {
  /// The health check of the image, which cannot be built here: the command itself.
  struct ProbeTests {
    private let scratch: ScratchDirectory
    private let certificates: Certificates

    init() throws {
      scratch = try ScratchDirectory()
      certificates = Certificates(in: scratch)
      try certificates.makeAuthority("ca")
      try certificates.make("server", names: "DNS:elsewhere.example")
    }

    private static let tls = "tls_server_config: {cert_file: server.pem, key_file: server.key"
    private static let users =
      "basic_auth_users: {a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}\n"

    private func probe(at address: String, web: String? = nil) throws -> Tool {
      var environment = ["REFLEXIVE_EXPORTER_WEB_LISTEN_ADDRESS": address]
      environment["REFLEXIVE_EXPORTER_WEB_CONFIG_FILE"] = web
      return try Tool.run(Paths.exporter, ["probe"], environment: environment)
    }

    /// Starts an exporter, and asks it by its port alone.
    private func probe(
      _ web: String, address: String = ":0"
    ) async throws -> Tool {
      let file = try scratch.write("web.yml", web)
      let exporter = try await Exporter.start(
        ["--store", "/does/not/exist.db", "--web.config.file", file], address: address)
      let port = exporter.url.split(separator: ":").last ?? ""
      return try await eventually("it has looked at its store") {
        let tool = try probe(at: address.dropLast() + String(port), web: file)
        return tool.errors.contains("the answer is 503") ? nil : tool
      }
    }

    @Test(arguments: [
      "", users, "rate_limit: {interval: 1h, burst: 0}\n", tls + "}\n",
      tls + ", min_version: TLS13}\n" + users + "rate_limit: {interval: 1h, burst: 1}\n",
      tls + ", client_auth_type: VerifyClientCertIfGiven, client_ca_file: ca.pem}\n",
    ])
    func aReadyDaemonIsExitCode0(web: String) async throws {
      for address in [":0", "127.0.0.1:0", "[::1]:0", "0.0.0.0:0"] {
        let tool = try await probe(web, address: address)
        #expect(tool.status == 0 && tool.output == "ready\n", "\(address): \(tool.errors)")
      }
    }

    @Test(arguments: ["RequireAnyClientCert", "RequireAndVerifyClientCert"])
    func whereClientCertificatesAreRequiredItSaysSo(policy: String) async throws {
      let tool = try await probe(
        Self.tls + ", client_auth_type: \(policy), client_ca_file: ca.pem}\n")
      #expect(tool.status == 1)
      #expect(tool.errors.contains("client_auth_type \(policy) requires a certificate"))
    }

    @Test func noDaemonNoAnswerAndABadConfigurationAreExitCode1WithOneLine() async throws {
      let bad = try scratch.write("bad.yml", "junk\n")
      let plain = try await Exporter.start(["--store", "/does/not/exist.db"])
      let address = String(plain.url.dropFirst("http://".count))
      let tls = try scratch.write("tls.yml", Self.tls + "}\n")
      for tool in [
        try probe(at: "127.0.0.1:1"), try probe(at: address, web: bad),
        try probe(at: address, web: tls),
        try probe(at: ":0"),
      ] {
        #expect(tool.status == 1)
        #expect(tool.errors.split(separator: "\n").count == 1, "\(tool.errors)")
      }
    }

    @Test func whatTheSystemSaysIsSaidInItsWords() throws {
      for (address, words) in [
        ("127.0.0.1:1", "can't connect to 127.0.0.1:1: connection refused"),
        (
          ":1",
          "can't connect to 127.0.0.1:1: connection refused; [::1]:1: connection refused"
        ),
        (
          "no.such.host.invalid:1",
          "can't connect to no.such.host.invalid:1: the name is not known"
        ),
      ] {
        let tool = try probe(at: address)
        #expect(tool.status == 1 && tool.errors == "reflexive-exporter: \(words)\n")
      }
    }

    @Test func aDaemonThatIsNotReadyOrHangsIsExitCode1InTime() async throws {
      let script = """
        import socket, sys
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        first, _ = listener.accept()
        first.sendall(b"HTTP/1.1 503 Service Unavailable\\r\\nContent-Length: 0\\r\\n\\r\\n")
        second, _ = listener.accept()
        second.recv(1 << 20)
        listener.accept()
        """
      let server = Process()
      let output = Pipe()
      server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      server.arguments = ["python3", "-c", script]
      server.standardOutput = output
      try server.run()
      defer { kill(server.processIdentifier, SIGKILL) }
      let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      let port = line.trimmingCharacters(in: .whitespacesAndNewlines)
      let unready = try probe(at: "127.0.0.1:\(port)")
      #expect(unready.status == 1 && unready.errors.contains("not ready: the answer is 503"))
      let start = ContinuousClock.now
      let hanging = try probe(at: "127.0.0.1:\(port)")
      #expect(hanging.status == 1 && hanging.errors.contains("no answer"), "\(hanging.errors)")
      #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func theImageProbesByTheCommand() throws {
      let file = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("deploy/Dockerfile")
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      let checks = lines.filter { $0.hasPrefix("HEALTHCHECK") }
      #expect(checks.count == 1)
      #expect(checks.first?.hasSuffix(#"CMD ["reflexive-exporter", "probe"]"#) == true)
      #expect(lines.contains { $0.contains("REFLEXIVE_EXPORTER_WEB_LISTEN_ADDRESS=:10077") })
    }
  }
}
