import ConfigurationFiles
import Foundation
import Logging
import NIOPosix
import TestSupport
import Testing

@testable import ExporterApp

struct WebConfigurationReloadTests {
  private let folder: Folder
  private let threads = TestThreads()
  private let file: String
  private let service: WebConfigurationService

  init() throws {
    folder = try Folder()
    file = try folder.make("web.yml", Self.limit(1))
    service = try WebConfigurationService(
      file: file, threads: threads.pool,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private static func limit(_ burst: Int) -> String {
    "rate_limit: { interval: 1s, burst: \(burst) }\n"
  }

  @Test func whatCannotBeUsedChangesNothing() async throws {
    try folder.make("web.yml", "rate_limit: 3\n")
    await service.reload()
    #expect(service.policy.rateLimit?.burst == 1)
    try folder.make("web.yml", Self.limit(2))
    await service.reload()
    #expect(service.policy.rateLimit?.burst == 2)
  }

  /// The slow file is a pipe, whose writer takes its time.
  @Test func theNewestContentWinsWhicheverReloadIsSlower() async throws {
    try FileManager.default.removeItem(atPath: file)
    try #require(mkfifo(file, 0o600) == 0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await service.reload() }
      let writer = try await openForWriting(file)
      try FileManager.default.removeItem(atPath: file)
      try folder.make("web.yml", Self.limit(3))
      group.addTask { await service.reload() }
      // Time for the other to overtake, if it could.
      for _ in 0..<100 where service.policy.rateLimit?.burst == 1 {
        try await Task.sleep(for: .milliseconds(1))
      }
      try writer.write(contentsOf: Data(Self.limit(2).utf8))
      try writer.close()
      try await group.waitForAll()
    }
    #expect(service.policy.rateLimit?.burst == 3)
  }

  /// Opens a pipe as soon as somebody reads it.
  private func openForWriting(_ path: String) async throws -> FileHandle {
    for _ in 0..<60_000 {
      let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if descriptor >= 0 { return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true) }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw POSIXError(.ETIMEDOUT)
  }
}

/// The test's own threads, because the threads that tests share may all be busy.
private final class TestThreads: Sendable {
  let pool = NIOThreadPool(numberOfThreads: 4)

  init() { pool.start() }
  deinit { pool.shutdownGracefully { _ in } }
}
