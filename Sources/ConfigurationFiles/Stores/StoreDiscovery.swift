import ReflexiveCore

/// A database to follow.
package struct DiscoveredStore: Equatable, Sendable {
  /// The label `store`; no two discovered stores have the same.
  package let name: String
  package let path: String
  /// The entry of the configuration that led to it.
  package let configuration: StoreConfiguration

  package init(name: String, path: String, configuration: StoreConfiguration) {
    self.name = name
    self.path = path
    self.configuration = configuration
  }

  /// The path as configured or, for a glob, the path that was found.
  package var shownPath: String { configuration.isGlob ? path : configuration.written }

  /// Compares bytes, as file systems do.
  package static func == (left: DiscoveredStore, right: DiscoveredStore) -> Bool {
    left.file == right.file && left.configuration == right.configuration
  }

  /// The name and the path, by their bytes.
  fileprivate var file: [LabelValue] { [LabelValue(name), LabelValue(path)] }
}

/// The stores that the entries of a configuration lead to at one moment.
package struct StoreDiscovery: Equatable, Sendable {
  /// Stores of plain paths, whether or not there is a file yet, then those that globs find.
  package private(set) var found: [DiscoveredStore] = []
  /// Why files that globs find cannot be followed, one line per file.
  package private(set) var conflicts: [String] = []

  private var names: [LabelValue: String] = [:]
  private var paths: Set<LabelValue> = []

  /// - Parameters:
  ///   - stores: the entries of a checked configuration, no two with one name or path.
  ///   - known: what was found before. A file that is found again keeps its name, even if a new
  ///     file would take the name first.
  package static func discover(
    _ stores: [StoreConfiguration], known: [DiscoveredStore] = []
  ) -> StoreDiscovery {
    var discovery = StoreDiscovery()
    for store in stores {
      guard let name = store.plainName else { continue }
      discovery.add(DiscoveredStore(name: name, path: store.pattern, configuration: store))
    }
    let matches = stores.filter(\.isGlob).flatMap { discovery.matches(of: $0) }
    let known = Set(known.map(\.file))
    for match in matches where known.contains(match.file) { discovery.add(match) }
    for match in matches where !known.contains(match.file) { discovery.add(match) }
    return discovery
  }

  private mutating func matches(of store: StoreConfiguration) -> [DiscoveredStore] {
    let (paths, notUTF8) = GlobPattern(store.pattern).expand()
    conflicts += notUTF8.map { "\(quoted($0)): the path is not UTF-8" }
    return paths.map { path in
      let name = StoreName.derive(path: path, glob: store.pattern)
      return DiscoveredStore(name: name, path: path, configuration: store)
    }
  }

  private mutating func add(_ store: DiscoveredStore) {
    guard !paths.contains(LabelValue(store.path)) else { return }
    let place = quoted(store.path)
    guard StoreName.isValid(store.name) else {
      conflicts.append("\(place): the name is not \(StoreName.expectation)")
      return
    }
    if let taken = names[LabelValue(store.name)] {
      conflicts.append("\(place): the name \(quoted(store.name)) is taken by \(quoted(taken))")
      return
    }
    names[LabelValue(store.name)] = store.path
    paths.insert(LabelValue(store.path))
    found.append(store)
  }
}
