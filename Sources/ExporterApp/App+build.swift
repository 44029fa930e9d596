package import ConfigurationFiles
import Following
import Hummingbird
import HummingbirdCore
import LinuxSystem
package import Logging
package import NIOCore
import NIOPosix
import ReflexiveCore
package import ServiceLifecycle

/// The options of a start, apart from the configuration, which can be reloaded.
package struct ServeOptions: Sendable {
  package var listenAddresses: [ListenAddress] = [.standard]
  package var telemetryPath = "/metrics"
  /// Where routes and links begin.
  package var address = WebAddress.root
  /// The text that ``address`` was made from.
  package var externalURL: String?
  /// The directory that keeps state across restarts; `nil` keeps none.
  package var statePath: String?
  /// The file with TLS and users; `nil` serves plain HTTP to everybody.
  package var webConfigurationFile: String?

  package init() {}
}

/// Builds the daemon: one group of services that starts and stops as a whole.
///
/// - Parameters:
///   - load: reads and checks the configuration; called at the start and at every reload.
///   - onListening: called with the scheme and the address of each server once it is bound.
/// - Throws: ``ConfigurationError`` if the configuration cannot be used.
package func buildServices(
  _ options: ServeOptions,
  load: @escaping @Sendable () throws(ConfigurationError) -> ExporterConfiguration,
  logger: Logger, onListening: @escaping @Sendable (_ scheme: String, SocketAddress) -> Void
) throws(ConfigurationError) -> [any Service] {
  let time = TimeSource.system
  let threads = BlockingThreads()
  let queryThreads = BlockingThreads(count: EvidenceQueries.threadCount)
  let web = try options.webConfigurationFile.map { file throws(ConfigurationError) in
    try WebConfigurationService(file: file, threads: threads.pool, logger: logger)
  }
  let registry = StoreRegistry()
  let watcher = ChangeWatcher(logger: logger)
  let tail = TailService(registry: registry, watcher: watcher, threads: threads.pool)
  let checkpoints = options.statePath.flatMap { openCheckpoints($0, logger) }
  let configuration = try ConfigurationService(
    load: load, registry: registry, tail: tail, threads: threads.pool, time: time,
    checkpoints: checkpoints, logger: logger)
  let receiverThreads = BlockingThreads(count: Receiver.threadCount)
  let receiver = Receiver(
    configuration: { configuration.current }, threads: receiverThreads.pool, time: time,
    logger: logger)
  warnIfAnybodyMayPush(receiver, web, logger)
  let queries = EvidenceQueries(threads: queryThreads.pool)
  let (router, table) = Endpoints(
    options: options, registry: registry, configuration: configuration, buildInfo: .current,
    web: web, queries: queries, receiver: receiver, time: time
  ).build()
  let heap = HeapService(queries: queries, threads: threads.pool)
  let responder = router.buildResponder()
  let everyAddress = EveryAddress.current
  let sockets = options.listenAddresses.flatMap { address in
    address.hosts(of: everyAddress).map { (host: $0, port: address.port) }
  }
  let limits = ServerLimits.standard(
    descriptors: OpenFileLimit.raise(), servers: sockets.count)
  let connections = ConnectionTable(limits: limits, time: time, logger: logger) { method, path in
    table.takesBody(path, method)
  }
  let date = HTTPDate(time)
  let servers = sockets.map { socket in
    HTTPService(
      responder: responder,
      server: .http1(connections, web: web),
      configuration: ServerConfiguration(
        address: .hostname(socket.host, port: socket.port), backlog: 4096,
        availableConnectionsDelegate: .maximum(limits.accepted, logger: logger)),
      date: date,
      onListening: { channel in
        if let bound = channel.localAddress {
          onListening(web?.isTLS == true ? "https" : "http", bound)
        }
      },
      logger: logger.quietedForHTTP())
  }
  let keeping: [any Service] =
    checkpoints == nil
    ? []
    : [
      CheckpointService(registry: registry, threads: threads.pool),
      IndexService(registry: registry, threads: threads.pool),
    ]
  let webServices = web.map { [$0] } ?? []
  threads.pool.start()
  queryThreads.pool.start()
  receiverThreads.pool.start()
  return [threads, queryThreads, receiverThreads] + keeping
    + [heap, tail, configuration, receiver] + webServices + servers
}

private func warnIfAnybodyMayPush(
  _ receiver: Receiver, _ web: WebConfigurationService?, _ logger: Logger
) {
  let names = receiver.stores.map(\.name)
  guard !names.isEmpty, web?.policy.users.isEmpty ?? true else { return }
  logger.warning(
    "everybody who reaches the port may push evidence: no user is set in --web.config.file",
    metadata: ["stores": .string(names.joined(separator: ", "))])
}

/// - Returns: `nil` if no state can be kept, which is logged.
private func openCheckpoints(_ path: String, _ logger: Logger) -> StateDirectory? {
  do throws(SystemFailure) {
    return try StateDirectory(path: path)
  } catch {
    logger.warning(
      "no state is kept; after a restart, evidence is counted again from the existing rows",
      metadata: ["error": .string(error.description)])
    return nil
  }
}

extension Logger {
  /// A quieter logger for Hummingbird, which logs at info what the daemon logs itself, and at debug
  /// what clients do.
  func quietedForHTTP() -> Logger {
    var logger = self
    if logger.logLevel > .debug { logger.logLevel = max(logger.logLevel, .warning) }
    return logger
  }
}

extension ServeOptions {
  /// The path of the metrics, with the prefix.
  package var metricsPath: String { address.route(telemetryPath) }

  /// Whether metrics can be served at `path`: it has no characters that a URL would escape, and it
  /// is not a path of the exporter.
  package static func isTelemetryPath(_ path: String) -> Bool {
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    let own = ["-", "agent", "api", "assets", "evidence", "gate", "status", "subject", "v1"]
    return path.utf8.first == UInt8(ascii: "/") && !parts.isEmpty && !own.contains(parts[0])
      && path.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-._~/".utf8.contains(byte)
        }
      }
  }
}
