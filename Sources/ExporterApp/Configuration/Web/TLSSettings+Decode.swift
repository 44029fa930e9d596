import NIOSSL

extension TLSSettings {
  static func decode(_ value: ConfigurationValue) throws(ConfigurationError) -> TLSSettings? {
    if case .mapping(let entries) = value.node.content, entries.isEmpty { return nil }
    let section = try value.section(TLSKey.self)
    guard let certificate = try PEM.decode(section, .certificate, .certificateFile) else {
      throw value.error("expected a certificate, as cert or cert_file")
    }
    guard let key = try PEM.decode(section, .key, .keyFile) else {
      throw value.error("expected the certificate's private key, as key or key_file")
    }
    var settings = TLSSettings(certificate: certificate, key: key)
    settings.clientCA = try PEM.decode(section, .clientCA, .clientCAFile)
    try settings.decodeClients(section)
    try settings.decodeVersions(section)
    if let value = section[.cipherSuites] { try settings.decodeCipherSuites(value) }
    if let value = section[.preferServerCipherSuites] { _ = try value.boolean() }
    if let value = section[.curves] {
      var curves: [NIOTLSCurve] = []
      for curve in try value.named(in: curveNames, "a list of curves")
      where !curves.contains(curve) {
        curves.append(curve)
      }
      settings.curves = curves.isEmpty ? nil : curves
    }
    return settings
  }

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
    if let value = clientCA?.value, clientAuthentication == .none {
      throw value.error("has no effect without client_auth_type: expected one that asks for it")
    }
    guard let value = section[.clientAllowedNames] else { return }
    guard clientAuthentication != .none else {
      throw value.error("has no effect without client_auth_type: expected one that asks for it")
    }
    var names: Set<[UInt8]> = []
    for value in try value.items(expected: "a list of names") {
      names.insert(Array(try value.scalar(expected: "a name") { $0 }.utf8))
    }
    guard !names.isEmpty else { throw value.error("an empty list lets nobody in") }
    allowedNames = names
  }

  private mutating func decodeVersions(
    _ section: ConfigurationSection<TLSKey>
  ) throws(ConfigurationError) {
    if let value = section[.minimumVersion] { minimumVersion = try value.version() }
    if let value = section[.maximumVersion] { maximumVersion = try value.version() }
    let order = versionNames.map(\.value)
    guard let lowest = order.firstIndex(of: minimumVersion),
      let highest = order.firstIndex(of: maximumVersion), lowest <= highest
    else {
      let value = section[.maximumVersion] ?? section[.minimumVersion] ?? section.value
      throw value.error("min_version is above max_version: no client could connect")
    }
  }

  private mutating func decodeCipherSuites(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) {
    let suites = try value.named(in: cipherSuiteNames, "a list of cipher suites")
    guard !suites.isEmpty else { return }
    let configurable = suites.filter { !tls13Suites.contains($0) }
    if configurable.isEmpty {
      // Below TLS 1.3 there would be none to agree on.
      guard maximumVersion == .tlsv13 else {
        throw value.error("all of these are of TLS 1.3, which max_version leaves out")
      }
      minimumVersion = .tlsv13
    } else {
      cipherSuites = configurable
    }
  }
}

extension TLSSettings.PEM {
  /// An empty value is none, as in exporter-toolkit.
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
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        let directory = isAbsolute ? "" : StorePath.directory(ofFile: value.file)
        let resolved = directory.isEmpty ? path : "\(directory)/\(path)"
        return TLSSettings.PEM(source: .file(resolved), value: value)
      }
    default:
      throw section.value.error(
        "\(textKey.rawValue) and \(fileKey.rawValue) are both given: expected one of them")
    }
  }
}

extension ConfigurationValue {
  /// A message about it does not show it: it may be a key.
  fileprivate func pemText() throws(ConfigurationError) -> String {
    guard case .scalar(let text, _) = node.content else { throw error("expected a text in PEM") }
    return text
  }

  fileprivate func version() throws(ConfigurationError) -> TLSVersion {
    try scalar(expected: versionNames.map(\.name).joined(separator: ", ")) { text in
      versionNames.first { $0.name == text }?.value
    }
  }

  fileprivate func named<Value>(
    in names: [(name: String, value: Value)], _ expected: String
  ) throws(ConfigurationError) -> [Value] {
    var values: [Value] = []
    for item in try items(expected: expected) {
      values.append(
        try item.scalar(expected: names.map(\.name).joined(separator: ", ")) { text in
          names.first { $0.name == text }?.value
        })
    }
    return values
  }
}

private let versionNames: [(name: String, value: TLSVersion)] = [
  ("TLS10", .tlsv1), ("TLS11", .tlsv11), ("TLS12", .tlsv12), ("TLS13", .tlsv13),
]

private let curveNames: [(name: String, value: NIOTLSCurve)] = [
  ("CurveP256", .secp256r1), ("CurveP384", .secp384r1), ("CurveP521", .secp521r1),
  ("X25519", .x25519),
]

private let tls13Suites: Set<NIOTLSCipher> = [
  .TLS_AES_128_GCM_SHA256, .TLS_AES_256_GCM_SHA384, .TLS_CHACHA20_POLY1305_SHA256,
]

/// What Go's `tls.CipherSuites()` returns.
private let cipherSuiteNames: [(name: String, value: NIOTLSCipher)] = [
  ("TLS_AES_128_GCM_SHA256", .TLS_AES_128_GCM_SHA256),
  ("TLS_AES_256_GCM_SHA384", .TLS_AES_256_GCM_SHA384),
  ("TLS_CHACHA20_POLY1305_SHA256", .TLS_CHACHA20_POLY1305_SHA256),
  ("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", .TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA),
  ("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", .TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA),
  ("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA),
  ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", .TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA),
  ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
  ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
  ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
  ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
  ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
  ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
]
