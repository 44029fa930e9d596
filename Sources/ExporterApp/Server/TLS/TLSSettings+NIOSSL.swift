import ConfigurationFiles
import NIOSSL

extension TLSSettings.Version {
  var value: TLSVersion {
    switch self {
    case .tls10: .tlsv1
    case .tls11: .tlsv11
    case .tls12: .tlsv12
    case .tls13: .tlsv13
    }
  }
}

extension TLSSettings.Curve {
  var value: NIOTLSCurve {
    switch self {
    case .secp256r1: .secp256r1
    case .secp384r1: .secp384r1
    case .secp521r1: .secp521r1
    case .x25519: .x25519
    }
  }
}

extension TLSSettings.CipherSuite {
  var value: NIOTLSCipher { NIOTLSCipher(rawValue: number) }
}
