import ConfigurationFiles
import LinuxSystem
import Logging
import ReflexiveCore

/// The stores that a configuration leads to, as they are followed.
struct FollowedStores: Sendable {
  private struct Followed: Sendable {
    var store: FollowedStore
    var settings: FollowedStore.Settings
  }

  /// What a store needs to be followed.
  struct Surroundings: Sendable {
    var time: TimeSource
    /// The directory for checkpoints, if they are kept.
    var checkpoints: StateDirectory?
    var logger: Logger
  }

  private(set) var configuration: ExporterConfiguration
  private var discovered: [DiscoveredStore] = []
  /// By path.
  private var followed: [LabelValue: Followed] = [:]
  private var knownConflicts: Set<LabelValue> = []
  private var knownEmptyGlobs: Set<LabelValue> = []
  /// What each path and glob of the configuration stood for at the last discovery.
  private(set) var counts: [DiscoveryCount] = []
  /// The directories of the globs when they were last expanded.
  private var directories: GlobDirectories

  init(_ configuration: ExporterConfiguration, now: UnixTime) {
    self.configuration = configuration
    directories = GlobDirectories(of: [], now: now)
  }

  var stores: [FollowedStore] { followed.values.map(\.store) }

  /// Whether the globs would find the same files, as far as their directories tell. Blocks.
  var directoriesAreUnchanged: Bool { directories.areUnchanged }

  /// Takes another configuration for the next discovery, which finds what a fresh start would find:
  /// no file that is gone, and no name kept from before. It logs its conflicts anew.
  mutating func configure(_ configuration: ExporterConfiguration) {
    self.configuration = configuration
    discovered = []
    knownConflicts = []
    knownEmptyGlobs = []
  }

  /// Finds the stores of the configuration. Blocks.
  mutating func discover(_ surroundings: Surroundings) {
    let globs = configuration.stores.filter(\.isGlob).map { GlobPattern($0.pattern) }
    directories = GlobDirectories(of: globs, now: surroundings.time.wall())
    let discovery = StoreDiscovery.discover(configuration.stores, known: discovered)
    for conflict in discovery.conflicts
    where knownConflicts.insert(LabelValue(conflict)).inserted {
      surroundings.logger.error(
        "a file is not followed", metadata: ["error": .string(conflict)])
    }
    counts = discovery.counts
    logEmptyGlobs(surroundings.logger)
    discovered = discovery.found + vanished(besides: discovery.found)
    let known = followed
    followed = [:]
    for store in discovered {
      followed[LabelValue(store.path)] = follow(
        store, known: known[LabelValue(store.path)],
        settings: configuration.settings(of: store.configuration), surroundings)
    }
  }

  /// Says so once of each glob, until it finds a file.
  private mutating func logEmptyGlobs(_ logger: Logger) {
    let empty = counts.filter { $0.stores + $0.conflicts == 0 }.map { LabelValue($0.path) }
    for path in empty where !knownEmptyGlobs.contains(path) {
      logger.warning("a glob finds no file", metadata: ["path": .string(path.text)])
    }
    knownEmptyGlobs = Set(empty)
  }

  private func follow(
    _ store: DiscoveredStore, known: Followed?, settings: FollowedStore.Settings,
    _ surroundings: Surroundings
  ) -> Followed {
    if var known, LabelValue(known.store.name) == LabelValue(store.name),
      LabelValue(known.store.state.path) == LabelValue(store.shownPath),
      known.store.place.isSame(as: store)
    {
      if known.settings != settings { known.store.configure(settings) }
      known.settings = settings
      return known
    }
    let place =
      store.configuration.postgresql.map { StorePlace.table($0) } ?? .file(store.path)
    surroundings.logger.info(
      "following a store",
      metadata: ["store": .string(store.name), "path": .string(store.path)])
    let followed = FollowedStore(
      name: store.name, place: place, shownPath: store.shownPath, settings: settings,
      time: surroundings.time, checkpoints: surroundings.checkpoints, logger: surroundings.logger)
    return Followed(store: followed, settings: settings)
  }

  /// A file that a glob found and that is gone stays followed as missing, like a plain path:
  /// evidence must not vanish unnoticed.
  private func vanished(besides found: [DiscoveredStore]) -> [DiscoveredStore] {
    let paths = Set(found.map { LabelValue($0.path) })
    let names = Set(found.map { LabelValue($0.name) })
    return discovered.compactMap { store in
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
