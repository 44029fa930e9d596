package import NIOSSL

/// How TLS is spoken.
package struct TLSSettings: Sendable {
  /// A certificate or a key in PEM (RFC 7468), and where the configuration names it.
  package struct PEM: Sendable {
    package enum Source: Sendable {
      case file(String)
      case text(String)
    }

    package let source: Source
    /// For messages.
    let value: ConfigurationValue
  }

  /// What is asked of clients, in the names of Go's `tls.ClientAuthType`.
  package enum ClientAuthentication: String, CaseIterable, Sendable {
    case none = "NoClientCert"
    case request = "RequestClientCert"
    case requireAny = "RequireAnyClientCert"
    case verifyIfGiven = "VerifyClientCertIfGiven"
    case requireAndVerify = "RequireAndVerifyClientCert"
  }

  package var certificate: PEM
  package var key: PEM
  /// Who signs the certificates of clients; `nil` takes the system's roots.
  package var clientCA: PEM?
  package var clientAuthentication = ClientAuthentication.none
  /// Of the names in a client's certificate, one has to be among these. By bytes.
  package var allowedNames: Set<[UInt8]>?
  package var minimumVersion = TLSVersion.tlsv12
  package var maximumVersion = TLSVersion.tlsv13
  /// Of TLS 1.2 and before, in the order of preference; those of TLS 1.3 are always on.
  /// `nil` takes those that the library prefers.
  package var cipherSuites: [NIOTLSCipher]?
  package var curves: [NIOTLSCurve]?

  /// The files that all this is read from, beside the configuration.
  package var files: [String] {
    [certificate, key, clientCA].compactMap { pem in
      if case .file(let path) = pem?.source { path } else { nil }
    }
  }
}
