import ArgumentParser
import ConfigurationFiles
import EvidenceStore
import ExporterApp
import Glibc
import LinuxSystem
import Logging
import ServiceLifecycle

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves a demo: agents and gates that keep writing to a database of their own.",
    discussion: "The database is in a temporary directory, which is removed at the end.")

  @OptionGroup var web: WebFlags
  @OptionGroup var log: LogFlags

  func run() async throws {
    let logger = try log.logger()
    let options = try web.serveOptions()
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = directory.path + "/demo.db"
    do {
      let agents = try DemoService(path: path)
      logger.notice("demo evidence", metadata: ["path": .string(path)])
      try await Daemon.run(
        options,
        load: { () throws(ConfigurationError) in
          var configuration = ExporterConfiguration()
          try configuration.add(storeArguments: [path])
          return configuration
        }, companions: [agents, EarlyEnd()], logger: logger)
    } catch let error as StoreWriteError {
      throw FailedCommand(message: error.message)
    }
  }
}

/// Ends the group of services if a signal asked for it before the group trapped signals.
private struct EarlyEnd: Service {
  func run() async throws {
    if EarlySignals.takeTermination() { kill(getpid(), SIGTERM) }
    try await gracefulShutdown()
  }
}

/// A directory that exists as long as the demo runs.
private struct TemporaryDirectory {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/reflexive-demo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FailedCommand(
        message: "cannot create a directory in \(parent): \(String(cString: strerror(errno)))")
    }
    path = template.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.lazy.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  func remove() {
    for name in ["demo.db", "demo.db-wal", "demo.db-shm", "demo.db-journal"] {
      unlink("\(path)/\(name)")
    }
    rmdir(path)
  }
}
