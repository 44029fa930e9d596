import FoundationEssentials
import Glibc

/// The address of the QSR service, and the key for it.
public struct HelixEndpoint: Sendable {
  let url: String
  /// The URL without its query and fragment, which may hold secrets.
  let shownURL: String
  let key: HelixAPIKey?

  /// - Parameters:
  ///   - url: an `http` or `https` URL, to which evaluations are posted unchanged.
  ///   - key: sent as a bearer token, if it is given.
  /// - Throws: ``HelixQSRError/invalidURL(problem:)``
  public init(url: String, key: HelixAPIKey? = nil) throws(HelixQSRError) {
    let scheme = url.prefix { $0 != ":" }.lowercased()
    guard ["http", "https"].contains(scheme), let parsed = URL(string: url),
      let host = parsed.host, !host.isEmpty
    else {
      throw .invalidURL(problem: "expected an http or https URL such as https://host/api/qsr")
    }
    guard parsed.user == nil, parsed.password == nil else {
      throw .invalidURL(problem: "it has a user name or a password in it; use HELIX_API_KEY")
    }
    self.url = url
    self.key = key
    let shown = url.prefix { $0 != "?" && $0 != "#" }
    shownURL = key.map { $0.redacting(String(shown)) } ?? String(shown)
  }

  /// Reads `HELIX_QSR_URL` and `HELIX_API_KEY`. An empty key counts as absent.
  ///
  /// - Parameter environment: the environment of the process by default.
  /// - Throws: ``HelixQSRError/missingURL``, ``HelixQSRError/invalidURL(problem:)`` or
  ///   ``HelixQSRError/invalidKey(problem:)``
  public static func fromEnvironment(
    _ environment: [String: String]? = nil
  ) throws(HelixQSRError) -> HelixEndpoint {
    let url = value("HELIX_QSR_URL", in: environment)
    let key = value("HELIX_API_KEY", in: environment)
    if let key, ["http://", "https://"].contains(where: { key.utf8.starts(with: $0.utf8) }) {
      throw .invalidKey(problem: "it is a URL; the two variables may be exchanged")
    }
    guard let url else { throw .missingURL }
    return try HelixEndpoint(
      url: url,
      key: key.map { key throws(HelixQSRError) in
        try HelixAPIKey(key)
      })
  }

  private static func value(_ name: String, in environment: [String: String]?) -> String? {
    let value =
      if let environment { environment[name] } else { getenv(name).map { String(cString: $0) } }
    return value?.isEmpty == false ? value : nil
  }
}
