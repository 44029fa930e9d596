import Foundation

/// Agents that write without pause, in processes of their own, until they are told to stop.
final class Storm {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init(_ path: String, _ arguments: [String] = []) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Paths.python + "/storm_writer.py", path] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// - Returns: how many rows were committed.
  func end() throws -> Int {
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0, let rows = Int(text.dropLast()) else {
      throw Failure("a writer failed: \(text)")
    }
    return rows
  }
}
