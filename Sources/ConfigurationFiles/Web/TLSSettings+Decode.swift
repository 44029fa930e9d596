extension TLSSettings {
  static func decode(_ value: ConfigurationValue) throws(ConfigurationError) -> TLSSettings? {
    if case .mapping(let entries) = value.node.content, entries.isEmpty { return nil }
    let section = try value.section(TLSKey.self)
    guard let certificate = try PEM.decode(section, .certificate, .certificateFile) else {
      throw value.refused(
        "TLS without a certificate", expected: "one, as cert or cert_file")
    }
    guard let key = try PEM.decode(section, .key, .keyFile) else {
      throw value.refused(
        "TLS without a private key", expected: "that of the certificate, as key or key_file")
    }
    var settings = TLSSettings(certificate: certificate, key: key)
    settings.clientCA = try PEM.decode(section, .clientCA, .clientCAFile)
    try settings.decodeClients(section)
    try settings.decodeVersions(section)
    if let value = section[.cipherSuites] { try settings.decodeCipherSuites(value) }
    try settings.checkSuites(section)
    if let value = section[.preferServerCipherSuites] { _ = try value.boolean() }
    if let value = section[.curves] {
      var curves: [Curve] = []
      for curve in try value.named(Curve.self, "a list of curves") where !curves.contains(curve) {
        curves.append(curve)
      }
      settings.curves = curves.isEmpty ? nil : curves
    }
    return settings
  }

  private static let withoutEffect = "it has no effect without client_auth_type"
  private static let withEffect = "a client_auth_type that asks for certificates"

  private mutating func decodeClients(
    _ section: ConfigurationSection<TLSKey>
  ) throws(ConfigurationError) {
    if let value = section[.clientAuthentication] {
      let known = ClientAuthentication.allCases.map(\.rawValue)
      clientAuthentication = try value.scalar(expected: known.joined(separator: ", ")) { text in
        switch text {
        case "": ClientAuthentication.none
        case "RequireClientCert": .requireAny
        default: ClientAuthentication(rawValue: text)
        }
      }
    }
    if let clientCA, clientAuthentication == .none {
      throw clientCA.refused(because: Self.withoutEffect, expected: Self.withEffect)
    }
    guard let value = section[.clientAllowedNames] else { return }
    guard clientAuthentication != .none else {
      throw value.refused(because: Self.withoutEffect, expected: Self.withEffect)
    }
    var names: Set<[UInt8]> = []
    for value in try value.items(expected: "a list of names") {
      names.insert(Array(try value.scalar(expected: "a name") { $0 }.utf8))
    }
    guard !names.isEmpty else {
      throw value.refused(
        "an empty list", because: "it lets nobody in", expected: "at least one name")
    }
    allowedNames = names
  }

  private mutating func decodeVersions(
    _ section: ConfigurationSection<TLSKey>
  ) throws(ConfigurationError) {
    if let value = section[.minimumVersion] { minimumVersion = try value.named(Version.self) }
    if let value = section[.maximumVersion] { maximumVersion = try value.named(Version.self) }
    let order = Version.allCases
    guard let lowest = order.firstIndex(of: minimumVersion),
      let highest = order.firstIndex(of: maximumVersion), lowest <= highest
    else {
      let value = section[.maximumVersion] ?? section[.minimumVersion] ?? section.value
      throw value.refused(
        because: "min_version \(minimumVersion.rawValue) is above max_version "
          + maximumVersion.rawValue, expected: "one that a client can connect with")
    }
  }

  /// Throws if the maximum version has no suite in force. The suites of TLS 1.2 need that version.
  private func checkSuites(_ section: ConfigurationSection<TLSKey>) throws(ConfigurationError) {
    guard maximumVersion == .tls10 || maximumVersion == .tls11,
      Set(cipherSuites).isSubset(of: CipherSuite.standard)
    else { return }
    let value = section[.maximumVersion] ?? section.value
    throw value.refused(
      because: "no cipher suite in force is of that version",
      expected: "cipher_suites that name one with CBC, or a higher max_version")
  }

  private mutating func decodeCipherSuites(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) {
    let suites = try value.named(CipherSuite.self, "a list of cipher suites")
    guard !suites.isEmpty else { return }
    let configurable = suites.filter { !$0.isOfTLS13 }
    if configurable.isEmpty {
      // Below TLS 1.3, client and server would have no suite in common.
      guard maximumVersion == .tls13 else {
        let names = suites.map(\.rawValue).joined(separator: ", ")
        throw value.refused(
          names, because: "max_version \(maximumVersion.rawValue) leaves TLS 1.3 out",
          expected: "a suite of TLS 1.2 or before")
      }
      minimumVersion = .tls13
    } else {
      cipherSuites = configurable
    }
  }
}

extension TLSSettings.PEM {
  /// An empty value counts as absent, as in exporter-toolkit.
  fileprivate static func decode(
    _ section: ConfigurationSection<TLSKey>, _ textKey: TLSKey, _ fileKey: TLSKey
  ) throws(ConfigurationError) -> TLSSettings.PEM? {
    let text = try section[textKey]?.pemText()
    let file = try section[fileKey]?.scalar(expected: "the path of a file") { path in
      path.utf8.contains(0) ? nil : path
    }
    switch (text ?? "", file ?? "") {
    case ("", ""): return nil
    case (let text, ""):
      return section[textKey].map { TLSSettings.PEM(source: .text(text), value: $0) }
    case ("", let path):
      return section[fileKey].map { value in
        TLSSettings.PEM(
          source: .file(StorePath.path(path, besideFile: value.file)), value: value)
      }
    default:
      throw section.value.refused(
        "\(textKey.rawValue) beside \(fileKey.rawValue) \(quotedPath(file ?? ""))",
        expected: "one of them")
    }
  }
}

extension ConfigurationValue {
  /// Errors do not show the text, because it may be a private key.
  fileprivate func pemText() throws(ConfigurationError) -> String {
    guard case .scalar(let text, _) = node.content else {
      throw refused(expected: "a text in PEM")
    }
    return text
  }

  fileprivate func named<Name: ConfigurationKey>(
    _: Name.Type
  ) throws(ConfigurationError) -> Name {
    let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
    return try scalar(expected: names) { Name(rawValue: $0) }
  }

  fileprivate func named<Name: ConfigurationKey>(
    _: Name.Type, _ expected: String
  ) throws(ConfigurationError) -> [Name] {
    var values: [Name] = []
    for item in try items(expected: expected) { values.append(try item.named(Name.self)) }
    return values
  }
}
