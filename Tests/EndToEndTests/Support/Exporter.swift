import Foundation
import Testing

/// The real binary, serving on a free port.
final class Exporter {
  let url: String
  private let process: Process
  private let directory: ScratchDirectory

  /// Starts it and waits until it listens.
  ///
  /// - Parameter command: a command that runs the exporter with the arguments that follow: a
  ///   program that drops rights, and then replaces itself by the exporter.
  static func start(
    _ arguments: [String], environment: [String: String] = [:], address: String = "127.0.0.1:0",
    by command: [String] = [Paths.exporter]
  ) async throws -> Exporter {
    let launch = Launch(
      arguments: arguments, environment: environment, address: address, command: command)
    let exporter = try await Exporter(launch)
    return exporter
  }

  /// Starts it on one store and waits until it is ready.
  static func follow(
    _ store: String, _ arguments: [String] = [], by command: [String] = [Paths.exporter]
  ) async throws -> Exporter {
    let exporter = try await start(["serve", "--store", store] + arguments, by: command)
    try await exporter.waitUntilReady()
    return exporter
  }

  private init(_ launch: Launch) async throws {
    let directory = try ScratchDirectory()
    let process = try launch.run(log: directory.writing("log"))
    self.process = process
    self.directory = directory
    url = try await eventually("the exporter listens") {
      guard process.isRunning else {
        throw Failure("the exporter has ended: " + (try directory.contents("log")))
      }
      let log = try directory.contents("log")
      guard let match = log.firstMatch(of: /msg=listening url=(https?:\/\/[^\/]+)/) else {
        return nil
      }
      return String(match.1)
    }
  }

  /// The process, ready to start.
  struct Launch {
    var arguments: [String]
    var environment: [String: String] = [:]
    var address = "127.0.0.1:0"
    var command = [Paths.exporter]

    func run(log: FileHandle) throws -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = command + arguments + ["--web.listen-address", address]
      process.environment = Tool.environment.merging(environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = log
      try process.run()
      return process
    }
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var log: String { get throws { try directory.contents("log") } }
  /// The checkpoints in a state directory.
  func checkpoints(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { $0.hasSuffix(".checkpoint") }
  }

  var processID: Int32 { process.processIdentifier }

  func waitUntilReady() async throws {
    _ = try await eventually("the exporter is ready") {
      try get("/-/ready").status == 200 ? true : nil
    }
  }

  /// Sends a signal; without one that ends it nothing happens here.
  func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Sends a signal and waits for the end.
  ///
  /// - Returns: the exit code, or the number of the signal that ended it.
  @discardableResult
  func stop(_ signal: Int32 = SIGTERM) -> Int32 {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }

  struct Answer {
    var status: Int
    var headers: String
    var body: String
  }

  func get(_ path: String, _ curl: [String] = []) throws -> Answer {
    try Self.get(url + path, curl)
  }

  static func get(_ url: String, _ curl: [String] = []) throws -> Answer {
    let separator = "\r\n\r\n"
    let tool = try Tool.run("curl", ["-s", "-i", "--max-time", "30"] + curl + [url])
    guard tool.status == 0, let end = tool.output.utf8Range(of: separator) else {
      throw Failure("curl \(url) ended with \(tool.status): \(tool.errors)")
    }
    let headers = String(tool.output[..<end.lowerBound])
    let status = headers.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return Answer(
      status: status ?? 0, headers: headers.lowercased(),
      body: String(tool.output[end.upperBound...]))
  }

  /// Runs one of the scripts in `Python` against it. It must still work afterwards.
  func withstands(_ script: String, _ arguments: [String] = []) throws {
    let tool = try Tool.python(script, [url] + arguments)
    #expect(tool.status == 0, "\(script): \(tool.output)\(tool.errors)")
    #expect(try get("/-/healthy").status == 200)
  }

  func scrape() throws -> Page { Page(try get("/metrics").body) }
}

/// The samples of a page in the text format, by their series as written there.
struct Page: Equatable {
  let samples: [String: Double]

  init(_ text: String) {
    var samples: [String: Double] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " ") else { continue }
      samples[String(line[..<space])] = Double(line[line.index(after: space)...])
    }
    self.samples = samples
  }

  subscript(series: String) -> Double? { samples[series] }

  /// The samples that depend on the rows alone: they must be the same after a restart.
  var evidence: [String: Double] {
    let counted = [
      "reflexive_qsr_score", "reflexive_gate_score", "reflexive_agent_executions_total",
      "reflexive_gate_evaluations_total", "reflexive_gate_low_consistency_breaches_total",
      "reflexive_gate_calibrations_needed_total", "reflexive_gate_threshold_moves_total",
      "reflexive_evidence_rows_total", "reflexive_evidence_rejected_total",
      "reflexive_label_overflow_total",
    ]
    return samples.filter { series, _ in counted.contains { series.hasPrefix($0) } }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Asks again until there is an answer.
func eventually<Value>(
  _ what: String, within seconds: Double = 60, _ ask: () throws -> Value?
) async throws -> Value {
  let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
  while ContinuousClock.now < deadline {
    if let value = try ask() { return value }
    try await Task.sleep(for: .milliseconds(20))
  }
  throw Failure("not within \(seconds) s: \(what)")
}

extension String {
  fileprivate func utf8Range(of text: String) -> Range<String.Index>? {
    // "\r\n" is one Character: searched by bytes.
    let (bytes, wanted) = (Array(utf8), Array(text.utf8))
    guard bytes.count >= wanted.count else { return nil }
    for offset in 0...bytes.count - wanted.count where bytes[offset] == wanted[0] {
      guard bytes[offset..<offset + wanted.count].elementsEqual(wanted) else { continue }
      let start = utf8.index(utf8.startIndex, offsetBy: offset)
      return start..<utf8.index(start, offsetBy: wanted.count)
    }
    return nil
  }
}
