import Foundation
import Testing

extension EndToEndTests {
  /// `mock-qsr`, over HTTP.
  struct MockQSRTests {
    private func post(_ url: String) throws -> Exporter.Answer {
      try Exporter.get(url, ["-X", "POST", "-d", #"{"agent": "a", "output": 1}"#])
    }

    @Test func aScenarioAnswersAndAnotherTakesItsPlace() async throws {
      let mock = try await MockProcess.start([])
      let steady = try post(mock.url + "/api/qsr")
      #expect(steady.status == 200)
      #expect(
        steady.body
          == #"{"quality_score": 0.78, "consistency": 0.97, "confidence": 0.85, "#
          + #""calibration_needed": false}"#)
      #expect(try post(mock.url + "/-/scenario?name=drop").status == 200)
      let first = try (0..<3).map { _ in try post(mock.url + "/api/qsr").body }
      #expect(!first.contains(steady.body))
      // The seed begins anew.
      #expect(try post(mock.url + "/-/scenario?name=drop").status == 200)
      #expect(try (0..<3).map { _ in try post(mock.url + "/api/qsr").body } == first)
      #expect(mock.stop() == 0)
    }

    @Test func whatItDoesNotKnowIsRefused() async throws {
      let mock = try await MockProcess.start(["--scenario", "errors", "--seed", "7"])
      for query in ["", "?name=", "?name=x", "?name=drop&name=drop", "?nam=drop"] {
        #expect(try post(mock.url + "/-/scenario" + query).status == 400)
      }
      for path in ["/api/qsr", "/-/scenario?name=drop"] {
        let answer = try Exporter.get(mock.url + path)
        #expect(answer.status == 405 && answer.headers.contains("allow: post"))
      }
      #expect(try post(mock.url + "/other").status == 404)
      let statuses = try (0..<20).map { _ in try post(mock.url + "/api/qsr").status }
      #expect(statuses.filter { $0 != 200 }.count == 8)
    }

    @Test func slowAnswersHoldNoOtherUp() async throws {
      let mock = try await MockProcess.start(["--scenario", "slow"])
      let urls = Array(repeating: mock.url + "/api/qsr", count: 20)
      let start = ContinuousClock.now
      let tool = try Tool.run(
        "curl", ["-s", "--parallel", "--parallel-max", "20", "-X", "POST", "-d", "{}"] + urls)
      #expect(tool.status == 0)
      #expect((.seconds(1)..<Duration.seconds(8)).contains(start.duration(to: .now)))
    }

    @Test(arguments: [
      (["--scenario", "calm"], #"--scenario: "calm" is not allowed: expected one of steady"#),
      (["--seed", "-1"], "--seed"), (["--listen-address", "9"], #"--listen-address: "9""#),
    ])
    func aWrongFlagIsOneLineAndExitCode2(arguments: [String], message: String) throws {
      let tool = try Tool.run(Paths.exporter, ["mock-qsr"] + arguments)
      #expect(tool.status == 2)
      #expect(tool.errors.contains(message), "\(tool.errors)")
      #expect(tool.errors.split(separator: "\n").count == 1)
    }
  }
}
