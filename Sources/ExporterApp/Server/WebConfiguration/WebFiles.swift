package import ConfigurationFiles
import LinuxSystem
import ReflexiveCore

/// A web configuration and the files that it names, at one moment.
struct WebFiles: Sendable {
  let configuration: Result<WebConfiguration, ConfigurationError>
  /// The contents of the named files, by the bytes of the path.
  private let pem: [LabelValue: Result<[UInt8], SystemError>]
  /// A digest of the contents of all files, which changes with them. The time of a file does not
  /// show every change.
  let fingerprint: [UInt8]

  /// Reads all files.
  init(file: String) {
    let bytes = Result { () throws(SystemError) in
      try ConfigurationFile.read(file)
    }
    var digest = SHA256.hash(Self.content(bytes))
    configuration = bytes.mapError { ConfigurationError(file: file, unreadable: $0) }
      .flatMap { bytes in
        Result { () throws(ConfigurationError) in
          try WebConfiguration.parse(yaml: bytes, file: file)
        }
      }
    var pem: [LabelValue: Result<[UInt8], SystemError>] = [:]
    for path in (try? configuration.get())?.tls?.files ?? [] where pem[LabelValue(path)] == nil {
      let read = Result { () throws(SystemError) in
        try ConfigurationFile.read(path)
      }
      pem[LabelValue(path)] = read
      digest = SHA256.hash(digest + SHA256.hash(Self.content(read)))
    }
    self.pem = pem
    fingerprint = digest
  }

  private static func content(_ read: Result<[UInt8], SystemError>) -> [UInt8] {
    switch read {
    case .success(let bytes): [1] + bytes
    case .failure(let failure): [0] + failure.description.utf8
    }
  }

  func contents(of source: TLSSettings.PEM) throws(ConfigurationError) -> [UInt8] {
    switch source.source {
    case .text(let text): return Array(text.utf8)
    case .file(let path):
      switch pem[LabelValue(path)] {
      case .success(let bytes): return bytes
      case .failure(let failure):
        throw source.refused(because: "\(failure)", expected: ConfigurationFile.expectation)
      case nil: throw source.refused(expected: ConfigurationFile.expectation)
      }
    }
  }

  func policy() throws(ConfigurationError) -> WebPolicy {
    let configuration = try configuration.get()
    let tls: TLSPolicy?
    if let settings = configuration.tls {
      tls = try TLSPolicy(settings, files: self)
    } else {
      tls = nil
    }
    return WebPolicy(
      tls: tls, headers: configuration.headers, users: configuration.users,
      rateLimit: configuration.rateLimit)
  }
}

/// A web configuration that is ready for use.
struct WebPolicy: Sendable {
  var tls: TLSPolicy?
  var headers: [HeaderKey: String]
  var users: [[UInt8]: BcryptHash]
  var rateLimit: WebConfiguration.RateLimit?
}

extension WebConfiguration {
  /// Reads a file and the files that it names, and checks all of them.
  package static func check(file: String) throws(ConfigurationError) {
    _ = try WebFiles(file: file).policy()
  }
}
