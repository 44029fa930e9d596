/// Why a configuration cannot be used, in one line:
/// `exporter.yml:7:12: objectives.qsr: "1.2" is not allowed: expected a number from 0 to 1`.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// A file with line and column, or an option of the command line.
  package let source: String
  /// `stores[0].objectives.qsr`; empty if no key is at fault.
  package let key: String
  package let problem: String

  package init(source: String, key: String = "", problem: String) {
    self.source = source
    self.key = key
    self.problem = problem
  }

  init(file: String, place: SourceLocation, key: String = "", problem: String) {
    let source = "\(escapedForOneLine(file)):\(place.line):\(place.column)"
    self.init(source: source, key: key, problem: problem)
  }

  package var description: String {
    (key.isEmpty ? [source, problem] : [source, key, problem]).joined(separator: ": ")
  }
}
