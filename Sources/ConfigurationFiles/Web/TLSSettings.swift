/// The TLS settings of the server.
package struct TLSSettings: Sendable {
  /// A certificate or a key in PEM (RFC 7468), and where the configuration names it.
  package struct PEM: Sendable {
    package enum Source: Sendable {
      case file(String)
      case text(String)
    }

    package let source: Source
    let value: ConfigurationValue

    /// The text to show in messages. A text may be a key, even where a path is expected.
    package var shown: String {
      switch source {
      case .file(let path) where !path.utf8.contains(UInt8(ascii: "\n")): quotedPath(path)
      default: value.kind
      }
    }

    package func refused(
      because reason: String? = nil, expected: String
    ) -> ConfigurationError {
      value.refused(shown, because: reason, expected: expected)
    }
  }

  /// The certificates that the server asks of clients, by the names of Go's `tls.ClientAuthType`.
  package enum ClientAuthentication: String, CaseIterable, Sendable {
    case none = "NoClientCert"
    case request = "RequestClientCert"
    case requireAny = "RequireAnyClientCert"
    case verifyIfGiven = "VerifyClientCertIfGiven"
    case requireAndVerify = "RequireAndVerifyClientCert"
  }

  package var certificate: PEM
  package var key: PEM
  /// The authority that signs the certificates of clients; `nil` takes the system's roots.
  package var clientCA: PEM?
  package var clientAuthentication = ClientAuthentication.none
  /// One of the names in a client's certificate must be among these, compared by bytes.
  package var allowedNames: Set<[UInt8]>?
  package var minimumVersion = Version.tls12
  package var maximumVersion = Version.tls13
  /// The suites of TLS 1.2 and before, in order of preference. Those of TLS 1.3 are always on.
  package var cipherSuites = CipherSuite.standard
  package var curves: [Curve]?

  /// The files that the settings name.
  package var files: [String] {
    [certificate, key, clientCA].compactMap { pem in
      if case .file(let path) = pem?.source { path } else { nil }
    }
  }
}

extension TLSSettings {
  /// From the oldest to the newest.
  package enum Version: String, CaseIterable, Sendable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"
  }

  package enum Curve: String, CaseIterable, Sendable {
    case secp256r1 = "CurveP256"
    case secp384r1 = "CurveP384"
    case secp521r1 = "CurveP521"
    case x25519 = "X25519"
  }

  /// A cipher suite, by its name and number (IANA, "TLS Cipher Suites").
  package struct CipherSuite: CaseIterable, Hashable, RawRepresentable, Sendable {
    package let rawValue: String
    package let number: UInt16

    /// Suites of TLS 1.3 are always on with TLS 1.3, and never used below it.
    var isOfTLS13: Bool { number >> 8 == 0x13 }

    private init(name: String, number: UInt16) {
      rawValue = name
      self.number = number
    }

    package init?(rawValue: String) {
      guard let suite = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
      self = suite
    }

    /// The suites with forward secrecy and authenticated encryption: ECDHE with AEAD (RFC 9325,
    /// section 4.2).
    package static let standard = allCases.filter { suite in
      !suite.isOfTLS13 && !suite.rawValue.utf8.suffix(4).elementsEqual("_SHA".utf8)
    }

    /// The suites of Go's `tls.CipherSuites()`.
    package static let allCases: [CipherSuite] = [
      ("TLS_AES_128_GCM_SHA256", 0x1301),
      ("TLS_AES_256_GCM_SHA384", 0x1302),
      ("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
      ("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", 0xc009),
      ("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 0xc00a),
      ("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", 0xc013),
      ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", 0xc014),
      ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xc02b),
      ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xc02c),
      ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xc02f),
      ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xc030),
      ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0xcca9),
      ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xcca8),
    ].map { CipherSuite(name: $0, number: $1) }
  }
}
