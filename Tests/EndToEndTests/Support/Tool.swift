import Foundation

/// A program that ran to its end.
struct Tool {
  let status: Int32
  let output: String
  let errors: String

  /// Runs a program found on the PATH. Output goes through files: a pipe that fills up would stop it.
  static func run(
    _ name: String, _ arguments: [String], input: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Tool {
    let directory = try ScratchDirectory()
    defer { directory.remove() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.environment = Self.environment.merging(environment) { $1 }
    process.standardInput = try directory.reading("input", contents: input ?? "")
    process.standardOutput = try directory.writing("output")
    process.standardError = try directory.writing("errors")
    try process.run()
    process.waitUntilExit()
    return Tool(
      status: process.terminationStatus, output: try directory.contents("output"),
      errors: try directory.contents("errors"))
  }

  /// Tests do not keep state where the user does.
  static var environment: [String: String] {
    ProcessInfo.processInfo.environment.merging(["REFLEXIVE_EXPORTER_STATE_PATH": "none"]) { $1 }
  }

  /// Runs one of the scripts in `Python`.
  static func python(_ script: String, _ arguments: [String]) throws -> Tool {
    try run("python3", [Paths.python + "/" + script] + arguments)
  }
}

enum Paths {
  /// The folder of this target.
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let python = tests + "/Python"

  /// The binary that was built with the tests.
  static let exporter = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("reflexive-exporter").path
}

/// A directory for one test.
final class ScratchDirectory {
  let path: String

  init() throws {
    let name = "reflexive-test-" + UUID().uuidString
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> String { path + "/" + name }

  func contents(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)
  }

  @discardableResult
  func write(_ name: String, _ contents: String) throws -> String {
    try Data(contents.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func reading(_ name: String, contents: String) throws -> FileHandle {
    try FileHandle(forReadingFrom: URL(fileURLWithPath: write(name, contents)))
  }

  func writing(_ name: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(fileURLWithPath: write(name, "")))
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  deinit { remove() }
}
