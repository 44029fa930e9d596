package import ReflexiveCore

/// An entry of the list of stores: one database, or all databases that a glob finds.
package struct StoreConfiguration: Equatable, Sendable {
  /// A path, or a glob in the notation of glob(7). A relative one starts from the working
  /// directory.
  package let pattern: String
  package let isGlob: Bool
  /// The path or glob as written in the configuration.
  package let written: String
  /// The label `store`; `nil` for the name derived from the path. Always `nil` for a glob.
  package let name: String?
  /// The divisor of every score of the store; greater than 0.
  package let scoreScale: Double
  /// Whether the exporter writes evidence that is pushed to it into this store.
  package let receives: Bool
  /// The table of a store in PostgreSQL, whose URL is then the pattern.
  package let postgresql: PostgresAddress?
  /// All objectives in force for the store.
  package let objectives: Objectives

  init(
    path: StorePath, name: String? = nil, scoreScale: Double = 1, receives: Bool = false,
    objectives: Objectives = Objectives()
  ) {
    pattern = path.pattern
    isGlob = path.isGlob
    written = path.written
    self.name = name
    self.scoreScale = scoreScale
    self.receives = receives
    self.objectives = objectives
    postgresql = nil
  }

  /// Creates a store in a PostgreSQL database.
  package init(
    _ postgresql: PostgresAddress, name: String, scoreScale: Double = 1,
    objectives: Objectives = Objectives()
  ) {
    pattern = postgresql.url
    isGlob = false
    written = postgresql.url
    self.name = name
    self.scoreScale = scoreScale
    receives = false
    self.objectives = objectives
    self.postgresql = postgresql
  }

  /// Creates the store of an option `--store PATH`. The argument is a path or glob, not
  /// `NAME=PATH`.
  package init(
    argument: String, objectives: Objectives = Objectives()
  ) throws(ConfigurationError) {
    guard let path = StorePath(argument) else {
      throw Self.argumentError(argument, expected: StorePath.expectation)
    }
    self.init(path: path, objectives: objectives)
    if let plainName, !StoreName.isValid(plainName) {
      throw Self.argumentError(argument, expected: "a file name of \(StoreName.expectation)")
    }
  }

  static func argumentError(
    _ argument: String, because reason: String? = nil, expected: String
  ) -> ConfigurationError {
    ConfigurationError(
      source: "--store", value: quotedPath(argument), because: reason, expected: expected)
  }

  /// Whether `text` is a URI, which no store's path may be.
  package static func isURI(_ text: String) -> Bool { StorePath.isURI(text) }

  /// The label `store`; `nil` for a glob, whose files each have their own.
  var plainName: String? {
    isGlob ? nil : name ?? StoreName.derive(path: pattern)
  }

  /// The first of `others` with the same path or name, and which of the two is the same.
  func clash(in others: [StoreConfiguration]) -> (index: Int, sharing: String)? {
    for (index, other) in others.enumerated() {
      if other.isGlob == isGlob, LabelValue(other.pattern) == LabelValue(pattern) {
        return (index, "path")
      }
      if let plainName, let name = other.plainName, LabelValue(name) == LabelValue(plainName) {
        return (index, "name \(quoted(name))")
      }
    }
    return nil
  }

  /// Compares bytes, because paths that only Unicode treats as equal name different files.
  package static func == (left: StoreConfiguration, right: StoreConfiguration) -> Bool {
    LabelValue(left.pattern) == LabelValue(right.pattern)
      && left.isGlob == right.isGlob
      && LabelValue(left.written) == LabelValue(right.written)
      && left.name.map { LabelValue($0) } == right.name.map { LabelValue($0) }
      && left.scoreScale == right.scoreScale
      && left.receives == right.receives && left.objectives == right.objectives
      && left.postgresql == right.postgresql
  }
}
