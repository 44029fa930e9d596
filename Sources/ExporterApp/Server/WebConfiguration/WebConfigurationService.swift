package import ConfigurationFiles
package import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Keeps the web configuration in line with its files: it takes up what has changed, whole or not
/// at all.
package final class WebConfigurationService: Service {
  private struct State {
    var policy: WebPolicy
    var fingerprint: [UInt8]
  }

  /// How often the files are read.
  private static let interval: Duration = .seconds(1)

  private let file: String
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let state: Mutex<State>
  /// Whether TLS is spoken. This stays: a port that suddenly speaks another protocol, or takes
  /// passwords in the clear, is no change to make while running.
  package let isTLS: Bool

  /// Reads the files.
  package init(
    file: String, clock: any Clock<Duration> = ContinuousClock(), logger: Logger
  ) throws(ConfigurationError) {
    let files = WebFiles(file: file)
    let policy = try files.policy()
    self.file = file
    self.clock = clock
    self.logger = logger
    isTLS = policy.tls != nil
    state = Mutex(State(policy: policy, fingerprint: files.fingerprint))
  }

  var policy: WebPolicy { state.withLock { $0.policy } }

  /// Reads the files, and takes up what has changed since they were last read.
  package func reload() {
    let files = WebFiles(file: file)
    let isNew = state.withLock { state in
      defer { state.fingerprint = files.fingerprint }
      return state.fingerprint != files.fingerprint
    }
    guard isNew else { return }
    do throws(ConfigurationError) {
      let policy = try files.policy()
      guard (policy.tls != nil) == isTLS else {
        throw ConfigurationError(
          source: escapedForOneLine(file), key: WebFileKey.tls.rawValue,
          problem: "TLS cannot be turned \(isTLS ? "off" : "on") while running: restart for that")
      }
      state.withLock { $0.policy = policy }
      logger.notice("web configuration reloaded")
    } catch {
      logger.error(
        "web configuration not reloaded, the old one stays",
        metadata: ["error": .string(error.description)])
    }
  }

  package func run() async throws {
    try await cancelWhenGracefulShutdown {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask { await self.reloadOnSignal() }
        group.addTask { await self.reloadInTurn() }
      }
    }
  }

  private func reloadOnSignal() async {
    for await _ in await UnixSignalsSequence(trapping: .sighup) { reload() }
  }

  private func reloadInTurn() async {
    while !Task.isCancelled {
      do { try await clock.sleep(for: Self.interval) } catch { return }
      reload()
    }
  }
}
