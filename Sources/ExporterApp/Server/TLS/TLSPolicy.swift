import ConfigurationFiles
import NIOCore
import NIOSSL

/// TLS settings with their certificates loaded.
struct TLSPolicy: Sendable {
  private let context: NIOSSLContext
  private let clientAuthentication: TLSSettings.ClientAuthentication
  private let allowedNames: Set<[UInt8]>?

  /// - Parameter files: the contents of the files that `settings` names.
  init(_ settings: TLSSettings, files: WebFiles) throws(ConfigurationError) {
    let chain = try Self.certificates(settings.certificate, files)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) },
      privateKey: .privateKey(try Self.key(settings.key, files)))
    configuration.minimumTLSVersion = settings.minimumVersion.value
    configuration.maximumTLSVersion = settings.maximumVersion.value
    configuration.cipherSuiteValues = settings.cipherSuites.map(\.value)
    if let curves = settings.curves { configuration.curves = curves.map(\.value) }
    configuration.applicationProtocols = ["http/1.1"]
    configuration.certificateVerification = settings.clientAuthentication.verification
    if let authority = settings.clientCA {
      configuration.trustRoots = .certificates(try Self.certificates(authority, files))
      configuration.sendCANameList = true
    } else if !settings.clientAuthentication.isVerified {
      configuration.trustRoots = .certificates([])
    }
    guard Self.fits(configuration) else {
      throw settings.key.refused(
        because: "it is not that of the certificate \(settings.certificate.shown)",
        expected: "the private key that the certificate was made for")
    }
    do {
      context = try NIOSSLContext(configuration: configuration)
    } catch {
      throw settings.key.refused(
        because: "TLS cannot be spoken with it and these settings (\(error))",
        expected: "settings that go together")
    }
    clientAuthentication = settings.clientAuthentication
    allowedNames = settings.allowedNames
  }

  /// Whether the private key belongs to the certificate, whatever the other settings are.
  private static func fits(_ configuration: TLSConfiguration) -> Bool {
    guard let key = configuration.privateKey else { return false }
    let plain = TLSConfiguration.makeServerConfiguration(
      certificateChain: configuration.certificateChain, privateKey: key)
    return (try? NIOSSLContext(configuration: plain)) != nil
  }

  /// Makes the handler that speaks TLS on one connection.
  func makeHandler() -> NIOSSLServerHandler {
    let allowedNames = allowedNames
    guard clientAuthentication.isVerified else {
      return NIOSSLServerHandler(context: context) { certificates, promise in
        let isAllowed = certificates.first.map { Self.isAllowed($0, allowedNames) } ?? true
        promise.succeed(isAllowed ? .certificateVerified : .failed)
      }
    }
    return ._makeSSLServerHandler(context: context) { certificate, channel in
      Self.isAllowed(certificate, allowedNames)
        ? channel.eventLoop.makeSucceededVoidFuture()
        : channel.eventLoop.makeFailedFuture(ClientNotAllowed())
    }
  }

  private struct ClientNotAllowed: Error {}

  private static func isAllowed(_ certificate: NIOSSLCertificate, _ names: Set<[UInt8]>?) -> Bool {
    guard let names else { return true }
    return certificate._subjectAlternativeNames().contains { name in
      switch name.nameType {
      case .dnsName, .email, .uri: names.contains(Array(name.contents))
      case .ipAddress: addressText(Array(name.contents)).map(names.contains) ?? false
      default: false
      }
    }
  }

  /// - Returns: `nil` unless there are 4 or 16 bytes.
  private static func addressText(_ bytes: [UInt8]) -> [UInt8]? {
    let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
    return (address?.ipAddress).map { Array($0.utf8) }
  }
}

extension TLSPolicy {
  private static func certificates(
    _ pem: TLSSettings.PEM, _ files: WebFiles
  ) throws(ConfigurationError) -> [NIOSSLCertificate] {
    let bytes = try files.contents(of: pem)
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty
    else { throw pem.refused(expected: "a certificate in PEM") }
    return certificates
  }

  private static func key(
    _ pem: TLSSettings.PEM, _ files: WebFiles
  ) throws(ConfigurationError) -> NIOSSLPrivateKey {
    let bytes = try files.contents(of: pem)
    guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
      throw pem.refused(expected: "a private key in PEM, without a passphrase")
    }
    return key
  }
}

extension TLSSettings.ClientAuthentication {
  fileprivate var isVerified: Bool { self == .verifyIfGiven || self == .requireAndVerify }

  fileprivate var verification: CertificateVerification {
    switch self {
    case .none: .none
    case .request, .verifyIfGiven: .optionalVerification
    case .requireAny, .requireAndVerify: .noHostnameVerification
    }
  }
}
