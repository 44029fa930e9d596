package import LinuxSystem

/// The reason why a configuration cannot be used, in one line:
/// `exporter.yml:7:12: objectives.qsr: "1.2" is not allowed: expected a number from 0 to 1`.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// A file with line and column, or an option of the command line.
  package let source: String
  /// The path of the key, `stores[0].objectives.qsr`; empty if no key is at fault.
  package let key: String
  package let problem: String

  /// - Parameters:
  ///   - value: the given value, ready to be shown: ``quoted(_:)``, or described in words if it is
  ///     secret, no text, or missing.
  ///   - reason: why it is not allowed, if `expected` does not say it all.
  ///   - expected: what is allowed.
  package init(
    source: String, key: String = "", value: String, because reason: String? = nil,
    expected: String
  ) {
    self.source = source
    self.key = key
    let reason = reason.map { $0 + ": " } ?? ""
    problem = "\(value) is not allowed: \(reason)expected \(expected)"
  }

  init(
    file: String, place: SourceLocation, key: String = "", value: String,
    because reason: String? = nil,
    expected: String
  ) {
    self.init(
      source: Self.source(file, place), key: key, value: value, because: reason, expected: expected)
  }

  /// Creates the error for a file that is not YAML.
  init(file: String, notYAML error: YAMLError) {
    source = Self.source(file, error.place)
    key = ""
    problem = "not usable as YAML: \(error.problem): expected one document without tags"
  }

  package init(file: String, unreadable failure: SystemError) {
    source = escapedForOneLine(file)
    key = ""
    problem = "cannot be read: \(failure): expected \(ConfigurationFile.expectation)"
  }

  private static func source(_ file: String, _ place: SourceLocation) -> String {
    "\(escapedForOneLine(file)):\(place.line):\(place.column)"
  }

  package var description: String {
    (key.isEmpty ? [source, problem] : [source, key, problem]).joined(separator: ": ")
  }
}
