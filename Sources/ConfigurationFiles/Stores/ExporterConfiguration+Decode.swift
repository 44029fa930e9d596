import ReflexiveCore

extension ExporterConfiguration {
  /// - Parameter file: the path of the file. Messages name it, and relative paths in the file start
  ///   from its directory.
  package static func parse(
    yaml bytes: [UInt8], file: String
  ) throws(ConfigurationError) -> ExporterConfiguration {
    guard let value = try ConfigurationFile.value(yaml: bytes, file: file) else {
      return ExporterConfiguration()
    }
    return try decode(value)
  }

  private static func decode(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) -> ExporterConfiguration {
    let section = try value.section(FileKey.self)
    var configuration = ExporterConfiguration()
    if let value = section[.objectives] { try configuration.objectives.decode(value) }
    if let value = section[.windows] { configuration.windows = try Window.decodeList(value) }
    if let value = section[.limits] { try configuration.limits.decode(value) }
    configuration.retireAfter = try section[.retireAfter]?.duration()
    if let value = section[.receiver] { try configuration.receiver.decode(value) }
    if let value = section[.stores] {
      configuration.stores = try StoreConfiguration.decodeList(
        value, objectives: configuration.objectives)
    }
    return configuration
  }
}

extension ExporterConfiguration.Limits {
  fileprivate mutating func decode(_ value: ConfigurationValue) throws(ConfigurationError) {
    let section = try value.section(LimitKey.self)
    if let value = section[.labelValues] { labelValues = try value.integer(in: 1...100_000) }
    if let value = section[.payloadBytes] {
      payloadBytes = try value.size(in: 1 << 10...512 << 20, expected: "1KiB to 512MiB")
    }
  }
}

extension Window {
  fileprivate static func decodeList(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) -> [Window] {
    let values = try value.items(expected: "a list of durations, such as [1h, 24h, 7d]")
    guard values.count <= 10 else {
      throw value.refused("a list of \(values.count)", expected: "at most 10 windows")
    }
    var windows: [Window] = []
    for value in values {
      let label = try value.scalar(expected: "a duration") { $0 }
      guard label != allLabel else {
        throw value.refused(because: "it is always served", expected: "the other windows")
      }
      let length = try value.duration(upToYears: 10)
      guard !windows.contains(where: { $0.label == label }) else {
        throw value.refused(because: "it is in the list already", expected: "each window once")
      }
      windows.append(Window(label: label, length: length))
    }
    return windows
  }
}
