import ConfigurationFiles
import ExporterApp
import Glibc
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Runs the daemon until it is told to stop.
enum Daemon {
  /// - Parameter companions: services that start before the daemon and run beside it.
  static func run(
    _ options: ServeOptions,
    load: @escaping @Sendable () throws(ConfigurationError) -> ExporterConfiguration,
    companions: [any Service] = [], logger: Logger
  ) async throws {
    let services = try buildServices(options, load: load, logger: logger) { scheme, address in
      announce(scheme, address, options.metricsPath, logger)
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: (companions + services).map { .init(service: $0) },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      try await group.run()
    } catch let error as IOError {
      throw cannotListen(options, String(cString: strerror(error.errnoCode)))
    } catch let error as SocketAddressError.UnknownHost {
      throw cannotListen(options, "the name \(quoted(error.host)) has no address")
    }
    logger.notice("stopped")
  }

  private static func cannotListen(_ options: ServeOptions, _ why: String) -> FailedCommand {
    let addresses = options.listenAddresses.map(\.description).joined(separator: ", ")
    return FailedCommand(message: "cannot listen on \(addresses): \(why)")
  }

  static func announce(
    _ scheme: String, _ address: SocketAddress, _ path: String, _ logger: Logger
  ) {
    guard let ip = address.ipAddress, let port = address.port else { return }
    let host = ip.utf8.contains(UInt8(ascii: ":")) ? "[\(ip)]" : ip
    logger.notice(
      "listening",
      metadata: ["url": .string("\(scheme)://\(host):\(port)\(path)")])
  }
}
