import ConfigurationFiles
import Following
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Keeps the web configuration in line with its files: it applies a change as a whole, or not at
/// all.
///
/// Reloads run one at a time on threads that may block, so the files that were read last stay in
/// force.
final class WebConfigurationService: Service {
  private struct State {
    var policy: WebPolicy
    /// The fingerprint of the files read last, whether or not they could be used.
    var fingerprint: [UInt8]
  }

  /// How often the files are read.
  private static let interval: Duration = .seconds(1)

  private let file: String
  private let threads: NIOThreadPool
  private let logger: Logger
  private let runs = SerialRuns<Void>()
  /// Only ``runs`` changes it.
  private let state: Mutex<State>
  /// Whether the server uses TLS. A reload cannot change this, because a port must not switch to
  /// another protocol, or to passwords in the clear, while it is in use.
  let isTLS: Bool

  /// Reads the files. Blocks.
  init(
    file: String, threads: NIOThreadPool, logger: Logger
  ) throws(ConfigurationError) {
    let files = WebFiles(file: file)
    let policy = try files.policy()
    self.file = file
    self.threads = threads
    self.logger = logger
    isTLS = policy.tls != nil
    state = Mutex(State(policy: policy, fingerprint: files.fingerprint))
  }

  var policy: WebPolicy { state.withLock { $0.policy } }

  /// Reads the files, and applies what has changed since they were last read.
  func reload() async {
    await runs.run { [self] in
      _ = await threads.runToEnd { self.reloadNow() }
    }
  }

  private func reloadNow() {
    let files = WebFiles(file: file)
    guard state.withLock({ $0.fingerprint }) != files.fingerprint else { return }
    do throws(ConfigurationError) {
      let policy = try files.policy()
      guard (policy.tls != nil) == isTLS else {
        throw ConfigurationError(
          source: escapedForOneLine(file), key: WebFileKey.tls.rawValue,
          value: "to turn TLS \(isTLS ? "off" : "on") while running",
          expected: "it as at the start, or a restart")
      }
      state.withLock { $0 = State(policy: policy, fingerprint: files.fingerprint) }
      logger.notice("web configuration reloaded")
    } catch {
      state.withLock { $0.fingerprint = files.fingerprint }
      logger.error(
        "web configuration not reloaded; the old one stays in force",
        metadata: ["error": .string(error.description)])
    }
  }

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask { await self.reloadOnSignal() }
        group.addTask { await self.reloadPeriodically() }
      }
    }
  }

  private func reloadOnSignal() async {
    for await _ in await UnixSignalsSequence(trapping: .sighup) { await reload() }
  }

  private func reloadPeriodically() async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: Self.interval) } catch { return }
      await reload()
    }
  }
}
