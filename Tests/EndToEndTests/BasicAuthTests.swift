import Foundation
import Testing

extension EndToEndTests {
  /// Users and limits as clients find them.
  struct BasicAuthTests {
    private let scratch: ScratchDirectory
    /// Of `secret` and of `other`, at a cost of 10.
    private let hash = "$2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u"
    private let otherHash = "$2y$10$abcdefghijklmnopqrstuug7uV/rfOsuPOAUg70eqWWWMjvHc6jZm"

    init() throws { scratch = try ScratchDirectory() }

    private func start(_ yaml: String) async throws -> Exporter {
      let file = try scratch.write("web.yml", yaml)
      return try await Exporter.start(
        ["--store", "/does/not/exist.db", "--web.config.file", file])
    }

    private func status(
      _ exporter: Exporter, _ user: String?, path: String = "/metrics", _ curl: [String] = []
    ) throws -> Int {
      try exporter.get(path, (user.map { ["-u", $0] } ?? []) + curl).status
    }

    @Test func everyPathNeedsAUserAndTheRightPassword() async throws {
      let exporter = try await start("basic_auth_users:\n  prometheus: \(hash)\n")
      for path in ["/-/healthy", "/-/ready"] {
        #expect(try status(exporter, nil, path: path) == 200)
      }
      for path in ["/metrics", "/", "/nothing"] {
        let refused = try exporter.get(path)
        #expect(refused.status == 401)
        #expect(refused.headers.contains("www-authenticate: basic"))
        #expect(!refused.body.contains("reflexive_"))
        #expect(try status(exporter, "prometheus:wrong", path: path) == 401)
      }
      #expect(try status(exporter, nil, path: "/-/reload", ["-X", "POST"]) == 401)
      for header in ["Basic", "Basic !", "Bearer abc", "Basic cHJvbWV0aGV1cw=="] {
        #expect(try status(exporter, nil, ["-H", "Authorization: \(header)"]) == 401)
      }
      for _ in 1...3 { #expect(try status(exporter, "prometheus:secret") == 200) }
      #expect(try status(exporter, "prometheus:secret", path: "/nothing") == 404)
      for number in 1...20 {
        #expect(try status(exporter, "prometheus:wrong\(number)") == 401)
      }
      let page = try exporter.get("/metrics", ["-u", "prometheus:secret"]).body
      #expect(
        Page(page)[#"reflexive_http_requests_total{handler="/metrics",code="401"}"#] == 26)
      for text in [page, try exporter.log] {
        #expect(!text.contains("wrong") && !text.contains("secret") && !text.contains("$2"))
      }
    }

    @Test func anUnknownUserIsAnsweredNoSoonerThanAKnownOne() async throws {
      let exporter = try await start("basic_auth_users:\n  prometheus: \(hash)\n")
      var seconds: (known: [Double], unknown: [Double]) = ([], [])
      for number in 1...9 {
        seconds.known.append(try time(exporter, "prometheus:wrong\(number)"))
        seconds.unknown.append(try time(exporter, "nobody:wrong\(number)"))
      }
      let (known, unknown) = (seconds.known.sorted()[4], seconds.unknown.sorted()[4])
      #expect(unknown > known / 2 && unknown < known * 2, "\(known) s, \(unknown) s")
      #expect(unknown > 0.01)
    }

    /// How long an answer takes to begin.
    private func time(_ exporter: Exporter, _ user: String) throws -> Double {
      let tool = try Tool.run(
        "curl",
        [
          "-s", "-o", "/dev/null", "-w", "%{time_starttransfer}", "-u", user,
          exporter.url + "/",
        ])
      return try #require(Double(tool.output))
    }

    @Test func usersAreReplacedWhileRunningAndBadOnesAreNot() async throws {
      let exporter = try await start("basic_auth_users:\n  old: \(hash)\n")
      #expect(try status(exporter, "old:secret") == 200)

      try scratch.write("web.yml", "basic_auth_users:\n  old: \(otherHash)\n  new: \(hash)\n")
      _ = try await eventually("the new user is let in") {
        try status(exporter, "new:secret") == 200 ? true : nil
      }
      #expect(try status(exporter, "old:secret") == 401)
      #expect(try status(exporter, "old:other") == 200)

      try scratch.write("web.yml", "basic_auth_users:\n  new: plaintext\n")
      _ = try await eventually("the bad file is noticed") {
        try exporter.log.contains("web configuration not reloaded; the old one stays in force")
          ? true : nil
      }
      #expect(try status(exporter, "new:secret") == 200)
      #expect(try status(exporter, nil) == 401)
      exporter.signal(SIGHUP)
      try scratch.write("web.yml", "basic_auth_users:\n  newer: \(hash)\n")
      _ = try await eventually("the good file is taken up") {
        try status(exporter, "newer:secret") == 200 ? true : nil
      }
      let log = try exporter.log
      #expect(log.split(separator: "\n").count { $0.contains("not reloaded") } == 1, "\(log)")
      #expect(!log.contains("plaintext"))
    }

    @Test func aFloodOfWrongPasswordsKeepsNoScrapeOut() async throws {
      let exporter = try await start("basic_auth_users:\n  prometheus: \(hash)\n")
      let flood = Process()
      flood.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      flood.arguments = [
        "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\n", "--interface", "127.0.0.2",
        "--parallel", "--parallel-max", "20", "-u", "prometheus:wrong",
        "\(exporter.url)/metrics?[1-1000000]",
      ]
      flood.standardOutput = try scratch.writing("flood")
      flood.standardError = FileHandle.nullDevice
      try flood.run()
      defer {
        kill(flood.processIdentifier, SIGKILL)
        flood.waitUntilExit()
      }
      _ = try await eventually("passwords are refused unchecked") {
        try scratch.contents("flood").contains("429") ? true : nil
      }
      for _ in 1...3 { #expect(try status(exporter, "prometheus:secret") == 200) }
      #expect(flood.isRunning)
      #expect(try !scratch.contents("flood").contains("200"))
    }

    @Test func requestsOverTheLimitAreRefusedAndHeadersAreSetInAll() async throws {
      let exporter = try await start(
        """
        rate_limit: {interval: 1h, burst: 2}
        http_server_config:
          headers: {X-Frame-Options: deny, Content-Security-Policy: "default-src 'self'"}
        """)
      for expected in [200, 200, 429, 429] {
        let answer = try exporter.get("/")
        #expect(answer.status == expected)
        #expect(answer.headers.contains("x-frame-options: deny"))
        #expect(answer.headers.contains("content-security-policy: default-src 'self'"))
      }
    }
  }
}
