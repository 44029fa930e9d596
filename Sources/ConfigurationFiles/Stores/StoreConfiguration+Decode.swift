import ReflexiveCore

extension StoreConfiguration {
  /// - Parameter objectives: the objectives of the file, which a store overrides key by key.
  static func decodeList(
    _ value: ConfigurationValue, objectives: Objectives
  ) throws(ConfigurationError) -> [StoreConfiguration] {
    let values = try value.items(expected: "a list of stores")
    var stores: [StoreConfiguration] = []
    for value in values {
      let store = try decode(value, objectives: objectives)
      if let (index, sharing) = store.clash(in: stores) {
        let other = "\(values[index].key) on line \(values[index].node.place.line)"
        throw value.refused(
          quotedPath(store.pattern), because: "\(other) has the same \(sharing)",
          expected: "a path and a name of its own")
      }
      stores.append(store)
    }
    return stores
  }

  private static func decode(
    _ value: ConfigurationValue, objectives: Objectives
  ) throws(ConfigurationError) -> StoreConfiguration {
    let section = try value.section(StoreKey.self)
    if let value = section[.postgresql] {
      return try decode(section, table: value, objectives: objectives)
    }
    guard let pathValue = section[.path] else {
      throw value.refused("a store without path", expected: "path, \(StorePath.expectation)")
    }
    let path = try pathValue.scalar(expected: StorePath.expectation) { text in
      StorePath(text, relativeTo: StorePath.directory(ofFile: value.file))
    }
    let name = try name(section)
    if path.isGlob, let nameValue = section[.name] {
      throw nameValue.refused(
        because: "each file that the glob \(quotedPath(path.pattern)) finds has its own",
        expected: "no name")
    }
    let receives = try section[.receive]?.flag() ?? false
    if receives, path.isGlob, let receiveValue = section[.receive] {
      throw receiveValue.refused(
        because: "\(quotedPath(path.pattern)) is a glob", expected: "it beside a plain path")
    }
    var objectives = objectives
    if let value = section[.objectives] { try objectives.decode(value) }
    let store = StoreConfiguration(
      path: path, name: name, scoreScale: try section[.scoreScale]?.positiveNumber() ?? 1,
      receives: receives, objectives: objectives)
    if let plainName = store.plainName, !StoreName.isValid(plainName) {
      throw pathValue.refused(
        expected: "the key name beside it, or a file name of \(StoreName.expectation)")
    }
    return store
  }

  private static func name(
    _ section: ConfigurationSection<StoreKey>
  ) throws(ConfigurationError) -> String? {
    try section[.name]?.scalar(expected: StoreName.expectation) { text in
      StoreName.isValid(text) ? text : nil
    }
  }

  private static func decode(
    _ section: ConfigurationSection<StoreKey>, table value: ConfigurationValue,
    objectives: Objectives
  ) throws(ConfigurationError) -> StoreConfiguration {
    if let path = section[.path] {
      throw path.refused(because: "postgresql is there, too", expected: "one of the two")
    }
    if let receive = section[.receive], try receive.flag() {
      throw receive.refused(
        because: "the store is in PostgreSQL", expected: "it beside the path of a file")
    }
    guard let name = try name(section) else {
      throw section.value.refused(
        "a table without a name", expected: "name, \(StoreName.expectation)")
    }
    var objectives = objectives
    if let value = section[.objectives] { try objectives.decode(value) }
    return StoreConfiguration(
      try PostgresAddress(value), name: name,
      scoreScale: try section[.scoreScale]?.positiveNumber() ?? 1, objectives: objectives)
  }
}
