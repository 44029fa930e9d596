package import ConfigurationFiles
package import LinuxSystem
package import Logging
package import NIOPosix
package import ReflexiveCore
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The outcome of the last reload of the configuration.
package struct ReloadStatus: Hashable, Sendable {
  package var wasSuccessful: Bool
  package var lastSuccess: UnixTime
}

/// Keeps the registry in line with the configuration. Loads it at the start, again on SIGHUP or on
/// request, and looks for new files that match globs.
///
/// Reloads and discoveries run one at a time, on threads that may block. Each reads without a lock,
/// then swaps in what it found, then notifies the tail.
package final class ConfigurationService: Service {
  package typealias Load = @Sendable () throws(ConfigurationError) -> ExporterConfiguration

  /// How often to look for a change in the directories of the globs.
  private static let discoveryInterval: Duration = .seconds(5)
  /// After this many looks, the globs are expanded even if no directory has changed, because the
  /// target of a link may have appeared elsewhere.
  private static let discoveriesLeftOut = 12

  private let load: Load
  private let registry: StoreRegistry
  private let tail: TailService
  private let threads: NIOThreadPool
  private let surroundings: FollowedStores.Surroundings
  private let runs = SerialRuns<Result<Void, ConfigurationError>>()
  /// Only ``runs`` changes it.
  private let stores: Mutex<FollowedStores>
  private let status: Mutex<ReloadStatus>

  /// Loads the configuration and finds its stores. Blocks.
  ///
  /// - Parameters:
  ///   - load: reads and checks the configuration as a whole.
  ///   - checkpoints: the directory for checkpoints, if they are kept.
  /// - Throws: the error of `load`.
  package init(
    load: @escaping Load, registry: StoreRegistry, tail: TailService, threads: NIOThreadPool,
    time: TimeSource, checkpoints: StateDirectory? = nil, logger: Logger
  ) throws(ConfigurationError) {
    self.load = load
    self.registry = registry
    self.tail = tail
    self.threads = threads
    surroundings = FollowedStores.Surroundings(
      time: time, checkpoints: checkpoints, logger: logger)
    let now = time.wall()
    var stores = FollowedStores(try load(), now: now)
    stores.discover(surroundings)
    registry.replace(with: stores.stores, discovery: stores.counts)
    self.stores = Mutex(stores)
    status = Mutex(ReloadStatus(wasSuccessful: true, lastSuccess: now))
  }

  /// The configuration in force.
  package var current: ExporterConfiguration { stores.withLock { $0.configuration } }

  package var reloadStatus: ReloadStatus { status.withLock { $0 } }

  /// Loads the configuration and applies it as a whole, or changes nothing.
  package func reload() async throws(ConfigurationError) {
    let outcome = await runs.run { [self] in
      await threads.runToEnd { self.reloadNow() } ?? .failure(Self.stopping)
    }
    try outcome.get()
  }

  private static let stopping = ConfigurationError(
    source: "reload", value: "a reload during the shutdown", expected: "a running exporter")

  private func reloadNow() -> Result<Void, ConfigurationError> {
    do throws(ConfigurationError) {
      let configuration = try load()
      replaceStores { $0.configure(configuration) }
      // Even if the stores are the same, they may have to be counted again.
      tail.storesChanged()
      let now = surroundings.time.wall()
      status.withLock { $0 = ReloadStatus(wasSuccessful: true, lastSuccess: now) }
      surroundings.logger.notice("configuration reloaded")
      return .success(())
    } catch {
      status.withLock { $0.wasSuccessful = false }
      surroundings.logger.error(
        "configuration not reloaded; the old one stays in force",
        metadata: ["error": .string(error.description)])
      return .failure(error)
    }
  }

  /// - Returns: whether the stores have changed.
  @discardableResult
  private func replaceStores(_ change: (inout FollowedStores) -> Void = { _ in }) -> Bool {
    var found = stores.withLock { $0 }
    change(&found)
    found.discover(surroundings)
    stores.withLock { $0 = found }
    return registry.replace(with: found.stores, discovery: found.counts)
  }

  package func run() async throws {
    try await cancelWhenGracefulShutdown {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask { await self.reloadOnSignal() }
        group.addTask { await self.discoverNewFiles() }
      }
    }
  }

  private func reloadOnSignal() async {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    if EarlySignals.takeHangup() { try? await reload() }
    for await _ in signals { try? await reload() }
  }

  private func discoverNewFiles() async {
    var leftOut = 0
    await repeatedly(every: Self.discoveryInterval) {
      let isDue = leftOut + 1 == Self.discoveriesLeftOut
      leftOut = isDue ? 0 : leftOut + 1
      await discover(evenIfUnchanged: isDue)
    }
  }

  /// Looks for new files, unless a reload is already doing so.
  func discover(evenIfUnchanged: Bool) async {
    await runs.runIfIdle { [self] in
      _ = await threads.runToEnd { self.discoverNow(evenIfUnchanged: evenIfUnchanged) }
      return .success(())
    }
  }

  private func discoverNow(evenIfUnchanged: Bool) {
    let current = stores.withLock { $0 }
    if !evenIfUnchanged, current.directoriesAreUnchanged { return }
    if replaceStores() { tail.storesChanged() }
  }
}
