import ConfigurationFiles

/// Parses the values of flags.
enum FlagValue {
  /// Returns the value of a flag from the command line or the environment.
  ///
  /// - Parameters:
  ///   - given: the text on the command line.
  ///   - usual: the value without the flag.
  ///   - expected: what is allowed, for the message.
  static func parse<Value>(
    _ flag: String, _ given: String?, _ usual: Value, _ expected: String,
    _ read: (String) -> Value?
  ) throws -> Value {
    guard let text = given ?? EnvironmentFlags.value(of: flag) else { return usual }
    guard let value = read(text) else { throw refused(flag, text, expected) }
    return value
  }

  static func refused(_ flag: String, _ text: String, _ expected: String) -> UsageError {
    UsageError(message: "--\(flag): \(quoted(text)) is not allowed: expected \(expected)")
  }
}
