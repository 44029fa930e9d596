import ConfigurationFiles
import LinuxSystem
import Logging
import ReflexiveCore

/// The stores of a configuration, as they are followed.
struct FollowedStores: Sendable {
  private struct Followed: Sendable {
    var store: FollowedStore
    var settings: FollowedStore.Settings
  }

  /// The dependencies of a followed store.
  struct Surroundings: Sendable {
    var time: TimeSource
    /// The directory for checkpoints, if they are kept.
    var checkpoints: StateDirectory?
    var logger: Logger
  }

  private(set) var configuration: ExporterConfiguration
  private var discovered: [DiscoveredStore] = []
  /// The followed stores by path.
  private var followed: [LabelValue: Followed] = [:]
  private var knownConflicts: Set<LabelValue> = []
  private var knownEmptyGlobs: Set<LabelValue> = []
  /// The result of the last discovery for each path and glob of the configuration.
  private(set) var counts: [DiscoveryCount] = []
  /// The directories of the globs when those were last expanded.
  private var directories: GlobDirectories

  init(_ configuration: ExporterConfiguration, now: UnixTime) {
    self.configuration = configuration
    directories = GlobDirectories(of: [], now: now)
  }

  var stores: [FollowedStore] { followed.values.map(\.store) }

  /// Whether the globs would find the same files, judging by their directories. Blocks.
  var directoriesAreUnchanged: Bool { directories.areUnchanged }

  /// Sets another configuration for the next discovery. That finds what a fresh start would find:
  /// it keeps no file that is gone and no name. It logs conflicts again.
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

  /// Logs each glob that finds no file once, until it finds one.
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

  /// The files that a glob found and that are gone. They stay followed as missing, like plain
  /// paths, so that evidence does not vanish unnoticed.
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
  /// The settings for reading and counting the stores of one entry.
  func settings(of store: StoreConfiguration) -> FollowedStore.Settings {
    FollowedStore.Settings(
      indicators: StoreIndicators.Settings(
        windows: windows, objectives: store.objectives, labelValues: limits.labelValues,
        retireAfter: retireAfter),
      scoreScale: store.scoreScale, payloadLimit: limits.payloadBytes)
  }
}
