import LinuxSystem

extension WebConfiguration {
  /// Reads and parses a file, but not the files that it names.
  package static func load(file: String) throws(ConfigurationError) -> WebConfiguration {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try ConfigurationFile.read(file)
    } catch {
      throw ConfigurationError(file: file, unreadable: error)
    }
    return try parse(yaml: bytes, file: file)
  }

  /// - Parameter file: the path of the file. Messages name it, and relative paths in the file start
  ///   from its directory.
  package static func parse(
    yaml bytes: [UInt8], file: String
  ) throws(ConfigurationError) -> WebConfiguration {
    var configuration = WebConfiguration()
    guard let value = try ConfigurationFile.value(yaml: bytes, file: file) else {
      return configuration
    }
    let section = try value.section(WebFileKey.self)
    if let value = section[.tls] { configuration.tls = try TLSSettings.decode(value) }
    if let value = section[.http] { configuration.headers = try decodeHTTP(value) }
    if let value = section[.users] { configuration.users = try decodeUsers(value) }
    if let value = section[.rateLimit] { configuration.rateLimit = try RateLimit.decode(value) }
    return configuration
  }

  private static func decodeHTTP(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) -> [HeaderKey: String] {
    let section = try value.section(HTTPKey.self)
    // Accepted without effect: the exporter serves HTTP/1.1, which every client speaks.
    if let value = section[.http2] { _ = try value.boolean() }
    guard let value = section[.headers] else { return [:] }
    let fields = try value.section(HeaderKey.self)
    var headers: [HeaderKey: String] = [:]
    for key in HeaderKey.allCases {
      guard let value = fields[key] else { continue }
      let text = try decodeHeader(key, value)
      if !text.isEmpty { headers[key] = text }
    }
    return headers
  }

  private static func decodeHeader(
    _ key: HeaderKey, _ value: ConfigurationValue
  ) throws(ConfigurationError) -> String {
    switch key {
    case .frameOptions: try value.choice(of: ["deny", "sameorigin"])
    case .contentTypeOptions: try value.choice(of: ["nosniff"])
    case .contentSecurityPolicy, .xssProtection, .strictTransportSecurity:
      // RFC 9110, section 5.5. A line break would begin another header.
      try value.scalar(expected: "the value of a header, in printable ASCII") { text in
        text.utf8.allSatisfy { (0x20...0x7e).contains($0) } ? text : nil
      }
    }
  }

  /// No error shows a hash: a leaked hash can be attacked offline.
  private static func decodeUsers(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) -> [[UInt8]: BcryptHash] {
    var users: [[UInt8]: BcryptHash] = [:]
    guard case .mapping(let entries) = value.node.content else {
      throw value.refused(
        value.kind, expected: "a mapping from the name of a user to the bcrypt hash")
    }
    for entry in entries {
      let name = Array(entry.key.utf8)
      guard case .scalar(let text, _) = entry.value.content, let hash = BcryptHash(text) else {
        let user = ConfigurationValue(
          node: entry.value, key: "\(value.key)[\(quoted(entry.key))]", file: value.file)
        throw user.refused(
          user.kind,
          expected: "a hash of bcrypt, $2y$, $2b$ or $2a$ with a cost of "
            + "\(BcryptHash.costs.lowerBound) to \(BcryptHash.costs.upperBound), as htpasswd -nB "
            + "writes it")
      }
      guard !name.contains(UInt8(ascii: ":")) else {
        throw value.refused(
          "the name \(quoted(entry.key))", because: "no client can send a colon",
          expected: "a name without one", at: entry.place)
      }
      users[name] = hash
    }
    return users
  }
}

extension WebConfiguration.RateLimit {
  /// - Returns: `nil` if the interval is 0, which means no limit.
  fileprivate static func decode(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) -> WebConfiguration.RateLimit? {
    let section = try value.section(RateLimitKey.self)
    let interval =
      try section[.interval]?.scalar(
        expected: "a Go duration, such as 100ms or 1m30s, up to 24h, or 0 for no limit"
      ) { text in
        GoDurationText.duration(text).flatMap { $0 <= .seconds(86_400) ? $0 : nil }
      } ?? .zero
    let burst = try section[.burst]?.integer(in: 0...1_000_000) ?? 0
    return interval > .zero ? Self(interval: interval, burst: burst) : nil
  }
}

extension ConfigurationValue {
  /// Parses a boolean of YAML 1.1, without the single letters `y` and `n`.
  func boolean() throws(ConfigurationError) -> Bool {
    try scalar(expected: "true or false") { text in
      switch text.lowercased() {
      case "true", "yes", "on": true
      case "false", "no", "off": false
      default: nil
      }
    }
  }

  func choice(of words: [String]) throws(ConfigurationError) -> String {
    try scalar(expected: words.joined(separator: " or ")) { words.contains($0) ? $0 : nil }
  }
}
