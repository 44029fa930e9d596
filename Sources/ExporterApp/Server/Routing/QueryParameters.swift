import ConfigurationFiles
import Hummingbird

/// The parameters of a request's query. Each may be given once.
struct QueryParameters: Sendable {
  /// The reason why a query is refused.
  struct Problem: Error, Hashable, Sendable {
    var parameter: String
    var value: String?
    /// What is allowed, as the rest of a sentence.
    var reason: String

    var sentence: String {
      let given = value.map { "\(quoted($0)) is not allowed: " } ?? ""
      return "\(abridged(parameter)): \(given)\(reason)"
    }
  }

  private(set) var pairs: [(name: String, value: String)] = []

  /// - Parameter allowed: the names that the route knows.
  init(_ request: Request, allowed: Set<String>) throws(Problem) {
    try self.init(query: request.uri.query ?? "", allowed: allowed)
  }

  init(query: String, allowed: Set<String>) throws(Problem) {
    for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
      let rawName = Substring(pair.prefix { $0 != UInt8(ascii: "=") })
      let rawValue = Substring(pair.dropFirst(rawName.utf8.count + 1))
      guard let name = PercentEncoding.decode(rawName, plusIsSpace: true) else {
        throw Problem(parameter: String(rawName), reason: Self.encodingReason)
      }
      guard allowed.contains(name) else {
        let known = allowed.sorted().joined(separator: ", ")
        throw Problem(
          parameter: name,
          reason: "there is no such parameter here"
            + (known.isEmpty ? "" : ": expected one of \(known)"))
      }
      guard let value = PercentEncoding.decode(rawValue, plusIsSpace: true) else {
        throw Problem(parameter: name, value: String(rawValue), reason: Self.encodingReason)
      }
      guard !pairs.contains(where: { $0.name == name }) else {
        throw Problem(parameter: name, value: value, reason: "it is there twice: expected it once")
      }
      pairs.append((name, value))
    }
  }

  private static let encodingReason = "expected UTF-8, percent-encoded"

  /// The value of a parameter. An empty one counts as absent.
  subscript(name: String) -> String? {
    pairs.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }
}
