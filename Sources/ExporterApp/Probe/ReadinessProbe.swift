package import ConfigurationFiles
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks a daemon on this machine whether it is ready, with the address and the TLS that the daemon
/// has.
package struct ReadinessProbe: Sendable {
  /// The reason why the daemon is not known to be ready, in words for the user.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// The time limit for one address. Health checks wait no longer than a few seconds.
  private static let time: TimeAmount = .seconds(2)

  private let address: ListenAddress
  private let tls: TLSSettings?
  private let path: String

  /// - Throws: if the web configuration cannot be read.
  package init(_ options: ServeOptions) throws(ConfigurationError) {
    address = options.listenAddresses.first ?? .standard
    path = options.address.route("/-/ready")
    tls = try options.webConfigurationFile.map { file throws(ConfigurationError) in
      try WebConfiguration.load(file: file)
    }?.tls
  }

  /// Asks the daemon, and returns if it is ready.
  package func run() async throws(Failure) {
    guard address.port != 0 else {
      throw Failure(description: "the port that 0 stands for is not known: give the port itself")
    }
    if let policy = tls?.clientAuthentication, policy.isRequired {
      throw Failure(
        description:
          "client_auth_type \(policy.rawValue) requires a certificate, and the probe has "
          + "none: probe with a client that has one")
    }
    var failures: [(host: String, error: ProbeError)] = []
    for host in address.hostsToAsk {
      do {
        let status = try await ask(host)
        guard status != 200 else { return }
        throw Failure(description: "\(address): not ready: the answer is \(status)")
      } catch let failure as Failure {
        throw failure
      } catch {
        failures.append((host, ProbeError(error: error)))
      }
    }
    let places = failures.map { host, error in
      "\(ListenAddress(asking: host, port: address.port)): \(error.reason)"
    }
    let isConnection = failures.allSatisfy(\.error.isConnection)
    throw Failure(
      description: (isConnection ? "can't connect to " : "no answer from ")
        + places.joined(separator: "; "))
  }

  private func ask(_ host: String) async throws -> UInt {
    let context = try tls.map { _ in
      // It asks this machine, so the name and the age of the certificate do not matter.
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.certificateVerification = .none
      configuration.minimumTLSVersion = .tlsv1
      return try NIOSSLContext(configuration: configuration)
    }
    let path = path
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let status = loop.makePromise(of: UInt.self)
    let timer = loop.scheduleTask(in: Self.time) {
      status.fail(ChannelError.connectTimeout(Self.time))
    }
    let channel = ClientBootstrap(group: loop).connectTimeout(Self.time).channelInitializer {
      channel in
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        if let context {
          try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
        }
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(ProbeHandler(path: path, status: status))
      }
    }.connect(host: host, port: address.port)
    channel.whenFailure { status.fail($0) }
    defer {
      timer.cancel()
      channel.whenSuccess { $0.close(promise: nil) }
    }
    return try await status.futureResult.get()
  }
}

extension ListenAddress {
  /// The addresses at which this machine reaches a server that listens here.
  fileprivate var hostsToAsk: [String] {
    switch host {
    case "": ["127.0.0.1", "::1"]
    case "0.0.0.0": ["127.0.0.1"]
    case "::": ["::1", "127.0.0.1"]
    default: [host]
    }
  }
}

extension TLSSettings.ClientAuthentication {
  fileprivate var isRequired: Bool { self == .requireAny || self == .requireAndVerify }
}
