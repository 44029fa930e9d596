package import ConfigurationFiles
package import LinuxSystem
package import Logging
package import ReflexiveCore
import ServiceLifecycle
import Synchronization
import UnixSignals

/// How the last reload of the configuration went.
package struct ReloadStatus: Hashable, Sendable {
  package var wasSuccessful: Bool
  package var lastSuccess: UnixTime
}

/// Keeps the registry in line with the configuration: loads it at start, again on SIGHUP or when
/// asked to, and looks for new files that a glob finds.
package final class ConfigurationService: Service {
  private struct State {
    var configuration: ExporterConfiguration
    var discovered: [DiscoveredStore] = []
    /// By path.
    var followed: [LabelValue: Followed] = [:]
    var knownConflicts: Set<String> = []
    /// Where the globs looked when they were last expanded.
    var directories: GlobDirectories
  }

  private struct Followed {
    var store: FollowedStore
    var settings: FollowedStore.Settings
  }

  /// How often a change of the directories that globs look into is looked for.
  private static let discoveryInterval: Duration = .seconds(5)
  /// After so many times the globs are expanded whatever the directories look like: a link may have
  /// got its target somewhere else.
  private static let discoveriesLeftOut = 12

  private let load: @Sendable () throws(ConfigurationError) -> ExporterConfiguration
  private let registry: StoreRegistry
  private let tail: TailService
  private let time: TimeSource
  private let checkpoints: StateDirectory?
  private let clock: any Clock<Duration>
  private let logger: Logger
  private let state: Mutex<State>
  private let status: Mutex<ReloadStatus>

  /// - Parameters:
  ///   - load: reads and checks the configuration as a whole.
  ///   - checkpoints: where those of the stores are kept, if anywhere.
  /// - Throws: what `load` throws.
  package init(
    load: @escaping @Sendable () throws(ConfigurationError) -> ExporterConfiguration,
    registry: StoreRegistry, tail: TailService, time: TimeSource,
    checkpoints: StateDirectory? = nil, clock: any Clock<Duration> = ContinuousClock(),
    logger: Logger
  ) throws(ConfigurationError) {
    self.load = load
    self.registry = registry
    self.tail = tail
    self.time = time
    self.checkpoints = checkpoints
    self.clock = clock
    self.logger = logger
    state = Mutex(
      State(configuration: try load(), directories: GlobDirectories(of: [], now: time.wall())))
    status = Mutex(ReloadStatus(wasSuccessful: true, lastSuccess: time.wall()))
    _ = discover()
  }

  package var reloadStatus: ReloadStatus { status.withLock { $0 } }

  /// Loads the configuration and takes it up whole, or leaves everything as it is.
  package func reload() throws(ConfigurationError) {
    do throws(ConfigurationError) {
      let configuration = try load()
      state.withLock { state in
        state.configuration = configuration
        state.knownConflicts = []
      }
      _ = discover()
      // Also where the stores are the same: they may have to be counted anew.
      tail.storesChanged()
      let now = time.wall()
      status.withLock { $0 = ReloadStatus(wasSuccessful: true, lastSuccess: now) }
      logger.notice("configuration reloaded")
    } catch {
      status.withLock { $0.wasSuccessful = false }
      logger.error(
        "configuration not reloaded, the old one stays",
        metadata: ["error": .string(error.description)])
      throw error
    }
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
    for await _ in signals { try? reload() }
  }

  private func discoverNewFiles() async {
    var leftOut = 0
    while !Task.isCancelled {
      do { try await clock.sleep(for: Self.discoveryInterval) } catch { return }
      leftOut += 1
      let isUnchanged = state.withLock { $0.directories.areUnchanged }
      if isUnchanged, leftOut < Self.discoveriesLeftOut { continue }
      leftOut = 0
      if discover() { tail.storesChanged() }
    }
  }

  /// Finds the stores of the configuration and tells the registry.
  ///
  /// - Returns: whether they are others than before.
  private func discover() -> Bool {
    state.withLock { state in
      let globs = state.configuration.stores.filter(\.isGlob).map { GlobPattern($0.pattern) }
      state.directories = GlobDirectories(of: globs, now: time.wall())
      let discovery = StoreDiscovery.discover(
        state.configuration.stores, known: state.discovered)
      for conflict in discovery.conflicts where state.knownConflicts.insert(conflict).inserted {
        logger.error("a file is not followed", metadata: ["error": .string(conflict)])
      }
      let kept = Self.keepVanished(state.discovered, found: discovery.found, state.configuration)
      state.discovered = discovery.found + kept
      let known = state.followed
      state.followed = [:]
      for store in state.discovered {
        state.followed[LabelValue(store.path)] = follow(
          store, known: known[LabelValue(store.path)],
          settings: state.configuration.settings(of: store.configuration))
      }
      return registry.replace(with: state.followed.values.map(\.store))
    }
  }

  private func follow(
    _ store: DiscoveredStore, known: Followed?, settings: FollowedStore.Settings
  ) -> Followed {
    if var known, LabelValue(known.store.name) == LabelValue(store.name),
      LabelValue(known.store.board.path) == LabelValue(store.shownPath)
    {
      if known.settings != settings { known.store.configure(settings) }
      known.settings = settings
      return known
    }
    logger.info(
      "following a store",
      metadata: ["store": .string(store.name), "path": .string(store.path)])
    let followed = FollowedStore(
      name: store.name, path: store.path, shownPath: store.shownPath, settings: settings,
      time: time, checkpoints: checkpoints, logger: logger)
    return Followed(store: followed, settings: settings)
  }

  /// A file that a glob found and that is gone stays followed as missing, as a plain path would:
  /// evidence that vanishes must not go unnoticed.
  private static func keepVanished(
    _ known: [DiscoveredStore], found: [DiscoveredStore], _ configuration: ExporterConfiguration
  ) -> [DiscoveredStore] {
    let paths = Set(found.map { LabelValue($0.path) })
    let names = Set(found.map { LabelValue($0.name) })
    return known.compactMap { store in
      guard !paths.contains(LabelValue(store.path)), !names.contains(LabelValue(store.name)),
        let current = configuration.stores.first(where: {
          $0.isGlob && LabelValue($0.pattern) == LabelValue(store.configuration.pattern)
        })
      else { return nil }
      return DiscoveredStore(name: store.name, path: store.path, configuration: current)
    }
  }
}

extension ExporterConfiguration {
  /// How the stores of one entry are read and counted.
  func settings(of store: StoreConfiguration) -> FollowedStore.Settings {
    FollowedStore.Settings(
      indicators: StoreIndicators.Settings(
        windows: windows, objectives: store.objectives, labelValues: limits.labelValues,
        retireAfter: retireAfter),
      scoreScale: store.scoreScale, payloadLimit: limits.payloadBytes)
  }
}
