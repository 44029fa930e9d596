import Foundation

/// An agent that has the database open: one connection of Python's sqlite3, in a process of its own.
final class Writer {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init(_ path: String) throws {
    let script = """
      import sqlite3, sys
      connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
      for line in sys.stdin:
          try:
              connection.execute(line).fetchall()
              answer = "done"
          except sqlite3.Error as error:
              answer = str(error)
          sys.stdout.write(answer + "\\n")
          sys.stdout.flush()
      """
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, path]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit { kill() }

  /// Runs statements, one per line.
  func execute(_ statements: String) throws {
    for line in statements.split(separator: "\n") {
      try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
      let answer = answer()
      guard answer == "done" else { throw Failure("\(line.prefix(200)): \(answer)") }
    }
  }

  private func answer() -> String {
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { break }
      line += piece
    }
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  /// Executions by one agent.
  func insertExecutions(_ agent: String, count: Int) throws {
    try execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) "
        + "INSERT INTO evidence (event, payload, ts) SELECT 'metacognitive_agent_execution', "
        + "json_object('agent', '\(agent)', 'output_quality', 0.5), datetime('now') FROM n")
  }

  /// Kills it in the middle of its work.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
