import ReflexiveCore

extension ConfigurationValue {
  /// The settings for finding drops; `nil` for `false`, which turns it off.
  ///
  /// - Parameter settings: the values of keys that are left out; `nil` stands for the defaults.
  func drop(over settings: DropSettings?) throws(ConfigurationError) -> DropSettings? {
    if case .scalar(let text, _) = node.content {
      guard text == "false" else { throw refused(expected: Self.dropExpectation) }
      return nil
    }
    guard case .mapping = node.content else { throw refused(expected: Self.dropExpectation) }
    var settings = settings ?? DropSettings()
    try settings.decode(self)
    return settings
  }

  private static var dropExpectation: String {
    let keys = DropKey.allCases.map(\.rawValue).joined(separator: ", ")
    return "false, or a mapping with the keys \(keys)"
  }
}

extension DropSettings {
  fileprivate mutating func decode(_ value: ConfigurationValue) throws(ConfigurationError) {
    let section = try value.section(DropKey.self)
    if let value = section[.falseAlarmRuns] {
      falseAlarmRuns = try value.number(in: 100...1e9, expected: "a number from 100 to 1000000000")
    }
    if let value = section[.tolerance] {
      tolerance = try value.number(in: 0...0.5, expected: "a number from 0 to 0.5")
    }
    if let value = section[.recoveryRuns] {
      recoveryRuns = try value.number(in: 2...1e6, expected: "a number from 2 to 1000000")
    }
    if let value = section[.normalRuns] { normalRuns = try value.integer(in: 20...1_000_000_000) }
  }
}
