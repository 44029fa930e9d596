import Foundation
import Testing

extension EndToEndTests {
  /// Signals that come before the daemon serves: none is lost, and none ends it by its default
  /// action.
  struct EarlySignalTests {
    /// A daemon that is held up at its start: its configuration is a pipe.
    private final class Waiting {
      private let scratch: ScratchDirectory
      private let pipe: String
      let process: Process

      init() throws {
        scratch = try ScratchDirectory()
        pipe = scratch.file("exporter.yml")
        try #require(mkfifo(pipe, 0o600) == 0)
        process = try Exporter.Launch(arguments: ["--config.file", pipe])
          .run(log: scratch.writing("log"))
      }

      deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

      var log: String { get throws { try scratch.contents("log") } }

      /// Calls `body` while the daemon reads its configuration.
      ///
      /// - Parameter body: takes what is written to the daemon.
      func whileItReads(_ body: (FileHandle) throws -> Void) async throws {
        let descriptor = try await eventually("somebody reads the configuration") {
          let descriptor = open(pipe, O_WRONLY | O_NONBLOCK)
          return descriptor < 0 ? nil : descriptor
        }
        try body(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
      }

      func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
    }

    private let configuration = Data("stores: [{path: evidence.db}]\n".utf8)

    @Test func aHangupDuringTheStartIsAReload() async throws {
      let daemon = try Waiting()
      try await daemon.whileItReads { pipe in
        daemon.send(SIGHUP)
        try pipe.write(contentsOf: configuration)
      }
      _ = try await eventually("it listens") {
        try daemon.log.contains("msg=listening") ? true : nil
      }
      try await daemon.whileItReads { try $0.write(contentsOf: configuration) }
      _ = try await eventually("it has reloaded") {
        try daemon.log.contains("configuration reloaded") ? true : nil
      }
      daemon.process.terminate()
      daemon.process.waitUntilExit()
      #expect(daemon.process.terminationReason == .exit && daemon.process.terminationStatus == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func anEndDuringTheStartIsExitCode0(signal: Int32) async throws {
      let daemon = try Waiting()
      try await daemon.whileItReads { _ in
        daemon.send(signal)
        daemon.process.waitUntilExit()
      }
      #expect(daemon.process.terminationReason == .exit && daemon.process.terminationStatus == 0)
      #expect(try daemon.log == "")
    }

    /// Its database is removed, whether the signal comes before the services run or after.
    @Test func theDemoLeavesNothingBehindHoweverEarlyItEnds() async throws {
      let scratch = try ScratchDirectory()
      for _ in 0..<5 {
        let process = try Exporter.Launch(
          arguments: ["demo"], environment: ["TMPDIR": scratch.path]
        ).run(log: FileHandle.nullDevice)
        _ = try await eventually("its directory is there") {
          try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty ? nil : true
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
      }
    }
  }
}
