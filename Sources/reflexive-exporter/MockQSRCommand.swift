import ArgumentParser
import ExporterApp
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

struct MockQSRCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mock-qsr",
    abstract: "Serves a mock of the QSR service, for tests and development.",
    discussion: """
      The scenario answers POST /api/qsr, and POST /-/scenario?name=NAME changes it. An answer depends \
      on the scenario, the seed and the number of answers since the scenario began.
      """)

  @Option(
    name: .customLong("listen-address"),
    help: ArgumentHelp("Where to listen. (default: 127.0.0.1:9010)", valueName: "host:port"))
  var listenAddress: String?

  @Option(
    name: .customLong("scenario"),
    help: ArgumentHelp(
      "steady, drop, drift, flap, errors, slow or garbage. (default: steady)", valueName: "name"))
  var scenario: String?

  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp(
      "The seed of the scenario's random numbers. (default: 1)", valueName: "number")
  )
  var seed: String?

  @OptionGroup var log: LogFlags

  func run() async throws {
    let logger = try log.logger()
    let address: ListenAddress = try FlagValue.parse(
      "listen-address", listenAddress, MockQSR.address, "host:port, :port or [IPv6]:port"
    ) { ListenAddress($0) }
    let scenario: QSRScenario = try FlagValue.parse(
      "scenario", scenario, .steady,
      "one of " + QSRScenario.allCases.map(\.rawValue).joined(separator: ", ")
    ) { QSRScenario(rawValue: $0) }
    let seed: UInt64 = try FlagValue.parse(
      "seed", seed, 1, "a whole number of at least 0"
    ) { UInt64($0) }
    let service = MockQSR.service(scenario, seed: seed, address: address, logger: logger) { bound in
      Daemon.announce("http", bound, "/api/qsr", logger)
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: service)], gracefulShutdownSignals: [.sigterm, .sigint],
        logger: logger))
    do {
      try await group.run()
    } catch let error as IOError {
      throw FailedCommand(message: "cannot listen on \(address): \(error)")
    }
    logger.notice("stopped")
  }
}
