package import ConfigurationFiles
package import ReflexiveCore

/// A store to check, and the settings for counting it.
package struct CheckedStore: Hashable, Sendable {
  package var name: String
  package var path: String
  /// The table of its rows, if they are not in a file.
  package var postgresql: PostgresAddress?
  package var objectives: Objectives
  package var scoreScale: Double
  package var limits: ExporterConfiguration.Limits
  package var retireAfter: Double?

  package init(
    name: String, path: String, postgresql: PostgresAddress? = nil,
    objectives: Objectives = Objectives(), scoreScale: Double = 1,
    limits: ExporterConfiguration.Limits = .init(), retireAfter: Double? = nil
  ) {
    self.name = name
    self.path = path
    self.postgresql = postgresql
    self.objectives = objectives
    self.scoreScale = scoreScale
    self.limits = limits
    self.retireAfter = retireAfter
  }

  fileprivate init(_ store: DiscoveredStore, _ configuration: ExporterConfiguration) {
    self.init(
      name: store.name, path: store.path, postgresql: store.configuration.postgresql,
      objectives: store.configuration.objectives,
      scoreScale: store.configuration.scoreScale, limits: configuration.limits,
      retireAfter: configuration.retireAfter)
  }
}

/// The stores that a check covers.
package struct StoreSelection: Sendable {
  package private(set) var stores: [CheckedStore] = []
  /// The errors about globs that find no file, and about files without a unique name.
  package private(set) var errors: [CheckError] = []

  /// - Parameters:
  ///   - arguments: paths and globs. If there are any, only these are checked. A file that the
  ///     configuration lists takes its name, scale and objectives from there.
  package init(
    _ configuration: ExporterConfiguration, arguments: [String]
  ) throws(ConfigurationError) {
    var chosen = configuration
    if !arguments.isEmpty {
      chosen.stores = []
      try chosen.add(storeArguments: arguments)
    }
    let discovery = StoreDiscovery.discover(chosen.stores)
    for store in discovery.found {
      let listed = arguments.isEmpty ? nil : configuration.listedStore(at: store.path)
      let checked = CheckedStore(listed ?? store, configuration)
      add(checked)
    }
    for count in discovery.counts where count.stores + count.conflicts == 0 {
      errors.append(
        CheckError(store: count.path, kind: "missing", reason: "the glob finds no file"))
    }
    for conflict in discovery.conflicts {
      errors.append(CheckError(store: "", kind: "conflict", reason: conflict))
    }
  }

  private mutating func add(_ store: CheckedStore) {
    guard let taken = stores.first(where: { LabelValue($0.name) == LabelValue(store.name) }) else {
      return stores.append(store)
    }
    guard LabelValue(taken.path) != LabelValue(store.path) else { return }
    errors.append(
      CheckError(
        store: store.name, kind: "conflict",
        reason: "\(quotedPath(store.path)): the name is taken by \(quotedPath(taken.path))"))
  }
}
