import Foundation

/// `mock-qsr` on a free port.
final class MockProcess {
  let url: String
  private let process: Process
  private let directory: ScratchDirectory

  static func start(_ arguments: [String]) async throws -> MockProcess {
    let directory = try ScratchDirectory()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Paths.exporter)
    process.arguments = ["mock-qsr", "--listen-address", "127.0.0.1:0"] + arguments
    process.environment = Tool.environment
    process.standardInput = FileHandle.nullDevice
    process.standardError = try directory.writing("log")
    try process.run()
    let url = try await eventually("the mock listens") {
      let log = try directory.contents("log")
      return log.firstMatch(of: /msg=listening url=(https?:\/\/[^\/]+)/).map { String($0.1) }
    }
    return MockProcess(url, process, directory)
  }

  private init(_ url: String, _ process: Process, _ directory: ScratchDirectory) {
    self.url = url
    self.process = process
    self.directory = directory
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// - Returns: the exit code.
  func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
