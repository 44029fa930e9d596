import Foundation
import Logging
import Synchronization
import Testing

@testable import Metacognition

/// Agents whose service and database fail in every way at once. METACOGNITION_FAULTS says how many
/// runs; `make test` does 200.
struct FaultTests {
  private enum Fault: CaseIterable {
    case none, status500, status503, throttled, throttledBriefly, throttledForLong, hang, hangInBody
    case reset, close, cut, garbage, noHTTP, badScore, echo, refused, tls, agentFails, cancelled
  }

  private struct Broken: Error, Equatable { var number: Int }

  private static let key = "sk-live-8c41e0d7b2a94f6c"
  private static let limit = Duration.milliseconds(250)
  private let log = LogRecorder()

  private func answer(_ fault: Fault, _ request: FaultServer.Request) -> FaultServer.Answer {
    switch fault {
    case .none, .agentFails, .refused: .score(0.8)
    case .status500: .status(500, body: request.head)
    case .status503: .status(503, body: request.head)
    case .throttled: .status(429)
    case .throttledBriefly: .status(429, headers: ["Retry-After": "0"])
    case .throttledForLong: .status(429, headers: ["Retry-After": "3600"])
    case .hang, .cancelled: .hang
    case .hangInBody: .hangAfter(#"{"quality_score": 0.5"#)
    case .reset: .reset
    case .close: .close
    case .cut: .bytes("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
    case .garbage: .status(200, body: "\u{1}\u{2}" + request.head)
    case .noHTTP, .tls: .bytes("\u{3} no HTTP \r\n\r\n")
    case .badScore: .status(200, body: #"{"quality_score": 17}"#)
    case .echo:
      // A debugging endpoint sends back what it got, and what it got is the key.
      .status(
        200,
        body: """
          {"quality_score": 0.4, "headers": "\(request["authorization"] ?? "")", \
          "\(request["authorization"] ?? "")": \
          "\(Data((request["authorization"] ?? "").utf8).base64EncodedString())"}
          """)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func everyResultIsTheAgentsAndEveryRunLeavesARowOrALine() async throws {
    let count =
      ProcessInfo.processInfo.environment["METACOGNITION_FAULTS"].flatMap { Int($0) } ?? 200
    let faults = (0..<count).map { Fault.allCases[$0 % Fault.allCases.count] }.shuffled()
    let byName = Dictionary(uniqueKeysWithValues: faults.enumerated().map { ("a\($0)", $1) })
    let server = try await FaultServer.start { request, _ in
      let name = request.body.firstMatch(of: /"agent":"(a\d+)"/).map { String($0.1) }
      return answer(name.flatMap { byName[$0] } ?? .tls, request)
    }
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger, busyTimeout: .milliseconds(200))
    var options = MetacognitionOptions()
    options.scoringLimit = .seconds(60)
    options.flushLimit = .seconds(60)
    let closed = try await FaultServer.start { _, _ in .close }
    try await closed.stop()
    let router = try Router(server: server, closed: closed, key: Self.key, faults: byName)
    let slowest = Mutex(Duration.zero)
    try await withMetacognition(
      scorer: router, recorder: recorder, options: options, logger: log.logger
    ) { scope in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let path = file.path
        group.addTask { try await Self.lockNowAndThen(path) }
        try await run(faults, in: scope, slowest)
        group.cancelAll()
      }
    }
    try await server.stop()
    try expectARowOrALine(for: faults, file)
    try expectNoKey(file)
    #expect(slowest.withLock { $0 } < .seconds(5))
  }

  /// Eight agents at a time.
  private func run(
    _ faults: [Fault], in scope: MetacognitionScope, _ slowest: borrowing Mutex<Duration>
  ) async throws {
    try await withThrowingTaskGroup(of: Duration.self) { group in
      var running = 0
      for (number, fault) in faults.enumerated() {
        if running == 8, let time = try await group.next() {
          slowest.withLock { $0 = max($0, time) }
          running -= 1
        }
        running += 1
        group.addTask { try await self.run(number, fault, in: scope) }
      }
      for try await time in group { slowest.withLock { $0 = max($0, time) } }
    }
  }

  /// - Returns: how long the caller waited.
  private func run(
    _ number: Int, _ fault: Fault, in scope: MetacognitionScope
  ) async throws -> Duration {
    let scoring: ScoringTime = number.isMultiple(of: 2) ? .background : .awaited(upTo: Self.limit)
    let agent = MetacognitiveAgent("a\(number)", in: scope, scoring: scoring) {
      (input: Int) async throws(Broken) -> String in
      if fault == .agentFails { throw Broken(number: input) }
      return "result \(input)"
    }
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        do throws(Broken) {
          #expect(try await agent.run(number) == "result \(number)")
          #expect(fault != .agentFails)
        } catch {
          #expect(fault == .agentFails && error == Broken(number: number))
        }
      }
      if fault == .cancelled { group.cancelAll() }
    }
    return start.duration(to: .now)
  }

  /// Another writer that keeps its locks for longer than the recorder waits.
  private static func lockNowAndThen(_ path: String) async throws {
    let other = try OtherConnection(path)
    while !Task.isCancelled {
      try other.execute("BEGIN IMMEDIATE")
      try? await Task.sleep(for: .milliseconds(350))
      try other.execute("ROLLBACK")
      try? await Task.sleep(for: .milliseconds(350))
    }
  }

  private func expectARowOrALine(for faults: [Fault], _ file: EvidenceFile) throws {
    let rows = Dictionary(grouping: try file.payloads()) { $0["agent"]?.text ?? "" }
    let lines = log.lines.filter { $0.contains("unscored") }
    let logged = Set(lines.compactMap { $0.firstMatch(of: /agent=(a\d+)/).map { String($0.1) } })
    var scored = 0
    for (number, fault) in faults.enumerated() {
      let name = "a\(number)"
      let row = rows[name, default: []]
      #expect(row.count == 1 || row.isEmpty && logged.contains(name), "\(fault): \(row.count) rows")
      if row.first?["output_quality"] != nil {
        scored += 1
        #expect([.none, .echo].contains(fault))
      }
    }
    #expect(scored > 0 && logged.count > 0)
    print("\(faults.count) faults: \(rows.count) rows, \(scored) of them scored")
  }

  private func expectNoKey(_ file: EvidenceFile) throws {
    let plain = Self.key
    let encoded = Data(plain.utf8).base64EncodedString()
    let header = Data("Bearer \(plain)".utf8).base64EncodedString()
    let texts =
      try log.lines
      + ["", "-wal"].map { suffix in
        let path = file.path + suffix
        guard FileManager.default.fileExists(atPath: path) else { return "" }
        return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
      }
    for text in texts {
      for form in [plain, encoded, header] { #expect(!text.contains(form)) }
    }
    #expect(try file.payloads().contains { "\($0)".contains("[hidden]") })
  }
}

/// Asks the server of the fault that an agent is to meet.
private struct Router: QualityScorer {
  let plain: HelixQSRClient
  let refused: HelixQSRClient
  let secure: HelixQSRClient
  let isRefused: Set<String>
  let isSecure: Set<String>

  init<Fault>(
    server: FaultServer, closed: FaultServer, key: String, faults: [String: Fault]
  ) throws {
    func client(_ url: String) throws -> HelixQSRClient {
      HelixQSRClient(
        try HelixEndpoint(url: url, key: HelixAPIKey(key)), deadline: .milliseconds(400))
    }
    plain = try client(server.url)
    refused = try client(closed.url)
    secure = try client("https://127.0.0.1:\(server.port)/api/qsr")
    isRefused = Set(faults.filter { "\($0.value)" == "refused" }.keys)
    isSecure = Set(faults.filter { "\($0.value)" == "tls" }.keys)
  }

  func evaluate(
    _ output: any Encodable & Sendable, of agent: String, run: RunID
  ) async throws -> QualityEvaluation {
    let client = isRefused.contains(agent) ? refused : isSecure.contains(agent) ? secure : plain
    return try await client.evaluate(output, of: agent, run: run)
  }
}
