/// The address of the exporter: the prefix of its routes, and the beginning of its links.
///
/// The flags have the same meaning as in Prometheus. The two prefixes differ behind a proxy that
/// removes the prefix.
package struct WebAddress: Hashable, Sendable {
  /// The prefix of every route: empty, or like `/a/b`.
  let routePrefix: String
  /// The prefix of every link's path, in the same form.
  let linkPrefix: String
  /// Scheme and authority of whole URLs, `https://example.org`; empty if they are unknown.
  let origin: String

  /// The root, without a known host.
  package static let root = WebAddress(routePrefix: "", linkPrefix: "", origin: "")

  private init(routePrefix: String, linkPrefix: String, origin: String) {
    self.routePrefix = routePrefix
    self.linkPrefix = linkPrefix
    self.origin = origin
  }

  /// The reason why an address is refused. The description says what is allowed.
  package enum Refusal: Error, Hashable, Sendable {
    case externalURL, routePrefix

    package var expectation: String {
      let path = "a path of letters, digits and -._~/"
      return switch self {
      case .externalURL: "expected http://HOST or https://HOST, with a port if need be, and \(path)"
      case .routePrefix: "expected \(path)"
      }
    }
  }

  /// - Parameters:
  ///   - externalURL: `http://example.org/reflexive`, or its path alone.
  ///   - routePrefix: the prefix of the routes; by default the path of the URL.
  package init(externalURL: String?, routePrefix: String?) throws(Refusal) {
    let (origin, rest) = try Self.split(externalURL ?? "")
    guard let path = Self.prefix(rest) else { throw .externalURL }
    guard let routes = Self.prefix(routePrefix ?? path) else { throw .routePrefix }
    self.origin = origin
    self.routePrefix = routes
    linkPrefix = externalURL == nil ? routes : path
  }

  private static func split(_ url: String) throws(Refusal) -> (origin: String, path: String) {
    // Compares bytes: to a Character, a combining mark makes a slash another letter.
    for scheme in ["http://", "https://"]
    where String(decoding: url.utf8.prefix(scheme.utf8.count), as: UTF8.self).lowercased().utf8
      .elementsEqual(scheme.utf8)
    {
      let rest = url.utf8.dropFirst(scheme.utf8.count)
      let authority = rest.prefix { $0 != UInt8(ascii: "/") }
      guard !authority.isEmpty, authority.allSatisfy(isInAuthority) else { throw .externalURL }
      return (
        scheme + String(Substring(authority)),
        String(Substring(rest.dropFirst(authority.count)))
      )
    }
    guard url.isEmpty || url.utf8.first == UInt8(ascii: "/") else { throw .externalURL }
    return ("", url)
  }

  private static func isInAuthority(_ byte: UInt8) -> Bool {
    isPlain(byte) || "-._~:[]".utf8.contains(byte)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// A path as a prefix: with a slash at its start, none at its end, and no empty parts.
  private static func prefix(_ path: String) -> String? {
    guard path.utf8.allSatisfy({ isPlain($0) || "-._~/".utf8.contains($0) }) else { return nil }
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    guard !parts.contains(where: { $0 == "." || $0 == ".." }) else { return nil }
    return parts.map { "/" + $0 }.joined()
  }

  /// The whole path of a route, as a request names it.
  func route(_ path: String) -> String { routePrefix + path }

  /// The path of a route, as a link.
  func link(_ path: String, _ query: [(name: String, value: String)] = []) -> Link {
    Link(path: linkPrefix + path, query)
  }

  /// The link as a whole URL, for use outside of the exporter; a path if the host is unknown.
  func url(_ link: Link) -> String { origin + link.text }
}

/// An address of the exporter: an absolute path and its query.
struct Link: Hashable, Sendable {
  let text: String

  fileprivate init(path: String, _ query: [(name: String, value: String)]) {
    let pairs = query.map {
      "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
    }
    text = pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
  }
}
