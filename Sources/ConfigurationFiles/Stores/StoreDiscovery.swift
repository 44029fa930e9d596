import ReflexiveCore

/// A database to follow.
package struct DiscoveredStore: Equatable, Sendable {
  /// The label `store`, unique among the discovered stores.
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

/// The number of files that one path or glob of the configuration leads to.
package struct DiscoveryCount: Equatable, Sendable {
  /// The path as written in the configuration.
  package let path: String
  /// Always 1 for a plain path, whether or not its file exists.
  package fileprivate(set) var stores: Int
  /// The number of files that are not followed.
  package fileprivate(set) var conflicts: Int

  package init(path: String, stores: Int, conflicts: Int = 0) {
    self.path = path
    self.stores = stores
    self.conflicts = conflicts
  }

  /// Compares the paths by their bytes.
  package static func == (left: DiscoveryCount, right: DiscoveryCount) -> Bool {
    LabelValue(left.path) == LabelValue(right.path) && left.stores == right.stores
      && left.conflicts == right.conflicts
  }
}

/// The stores that the entries of a configuration lead to at one moment.
package struct StoreDiscovery: Equatable, Sendable {
  /// The stores of plain paths, whether or not a file exists, then those that globs find.
  package private(set) var found: [DiscoveredStore] = []
  /// The reasons why files that globs find cannot be followed, one line per file.
  package private(set) var conflicts: [String] = []
  /// The count of each entry, in the order of the configuration. Equal entries count as one.
  package private(set) var counts: [DiscoveryCount] = []

  private var names: [LabelValue: String] = [:]
  private var paths: Set<LabelValue> = []

  /// - Parameters:
  ///   - stores: the entries of a checked configuration, each with its own name and path.
  ///   - known: the stores found before. A file that is found again keeps its name, even if a new
  ///     file would take the name first.
  package static func discover(
    _ stores: [StoreConfiguration], known: [DiscoveredStore] = []
  ) -> StoreDiscovery {
    var discovery = StoreDiscovery()
    for store in stores {
      guard let name = store.plainName else { continue }
      discovery.add(DiscoveredStore(name: name, path: store.pattern, configuration: store))
    }
    let globs = stores.filter(\.isGlob).map { Matches(of: $0) }
    for glob in globs {
      discovery.conflicts += glob.notUTF8.map { "\(quotedPath($0)): the path is not UTF-8" }
    }
    let matches = globs.flatMap(\.stores)
    let known = Set(known.map(\.file))
    for match in matches where known.contains(match.file) { discovery.add(match) }
    for match in matches where !known.contains(match.file) { discovery.add(match) }
    for store in stores where !store.isGlob {
      discovery.count(DiscoveryCount(path: store.written, stores: 1))
    }
    for glob in globs { discovery.count(glob) }
    return discovery
  }

  /// The files that one glob finds.
  private struct Matches {
    let configuration: StoreConfiguration
    let stores: [DiscoveredStore]
    let notUTF8: [String]

    init(of configuration: StoreConfiguration) {
      self.configuration = configuration
      let (paths, notUTF8) = GlobPattern(configuration.pattern).expand()
      self.notUTF8 = notUTF8
      stores = paths.map { path in
        let name = StoreName.derive(path: path, glob: configuration.pattern)
        return DiscoveredStore(name: name, path: path, configuration: configuration)
      }
    }
  }

  private mutating func count(_ glob: Matches) {
    let followed = glob.stores.count { paths.contains(LabelValue($0.path)) }
    count(
      DiscoveryCount(
        path: glob.configuration.written, stores: followed,
        conflicts: glob.stores.count - followed + glob.notUTF8.count))
  }

  private mutating func count(_ new: DiscoveryCount) {
    guard let index = counts.firstIndex(where: { LabelValue($0.path) == LabelValue(new.path) })
    else { return counts.append(new) }
    counts[index].stores += new.stores
    counts[index].conflicts += new.conflicts
  }

  private mutating func add(_ store: DiscoveredStore) {
    guard !paths.contains(LabelValue(store.path)) else { return }
    let place = quotedPath(store.path)
    guard StoreName.isValid(store.name) else {
      conflicts.append("\(place): the name is not \(StoreName.expectation)")
      return
    }
    if let taken = names[LabelValue(store.name)] {
      conflicts.append("\(place): the name \(quoted(store.name)) is taken by \(quotedPath(taken))")
      return
    }
    names[LabelValue(store.name)] = store.path
    paths.insert(LabelValue(store.path))
    found.append(store)
  }
}
