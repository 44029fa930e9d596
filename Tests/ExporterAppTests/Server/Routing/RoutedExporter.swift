import ConfigurationFiles
import Following
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LinuxSystem
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport

@testable import ExporterApp

/// The routes of an exporter with one store, asked without a socket.
final class RoutedExporter: Sendable {
  let registry = StoreRegistry()
  let configuration: ConfigurationService
  let loader: Loader
  let eventSeats = StreamSeats(limit: 64)
  let receiver: Receiver
  /// Of its own: rows that are waited for would keep other tests waiting.
  private let threads = NIOThreadPool(numberOfThreads: 1)
  /// One for all: a user has 128 of inotify's at the most, and all tests begin at once.
  private static let watcher = ChangeWatcher(
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  private let responder: RouterResponder<ClientContext>
  private let folder: Folder
  /// Of the stores.
  let paths: [String]

  /// - Parameters:
  ///   - web: the text of a web configuration.
  ///   - stores: names of files, or whole paths.
  ///   - receiving: the text of a configuration, in place of `stores`; `DIR` is the folder.
  ///   - keepsState: an index of the rows is kept.
  init(
    web: String? = nil, telemetryPath: String = "/metrics", address: WebAddress = .root,
    stores: [String] = ["evidence.db"], receiving: String? = nil, keepsState: Bool = false,
    time: TimeSource = .system
  ) throws {
    threads.start()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    folder = try Folder()
    paths = stores.map { [folder] in $0.hasPrefix("/") ? $0 : folder.path + "/" + $0 }
    let loader = Loader(
      stores: paths, yaml: receiving.map { [folder] in $0.replacing("DIR", with: folder.path) })
    self.loader = loader
    let tail = TailService(
      registry: registry, watcher: Self.watcher, threads: .singleton)
    configuration = try ConfigurationService(
      load: { () throws(ConfigurationError) in try loader.load() }, registry: registry, tail: tail,
      threads: .singleton, time: time,
      checkpoints: keepsState ? try StateDirectory(path: folder.path + "/state") : nil,
      logger: logger)
    let webService = try web.map { [folder] text in
      try WebConfigurationService(
        file: try folder.make("web.yml", text), threads: .singleton, logger: logger)
    }
    receiver = Receiver(
      configuration: { [configuration] in configuration.current }, threads: threads, time: time,
      logger: logger)
    var options = ServeOptions()
    options.telemetryPath = telemetryPath
    options.address = address
    responder = Endpoints(
      options: options, registry: registry, configuration: configuration,
      buildInfo: BuildInfo(version: "9", revision: "", swiftVersion: "", sqliteVersion: ""),
      web: webService, queries: EvidenceQueries(threads: threads), receiver: receiver,
      time: time, eventSeats: eventSeats
    ).buildRouter().buildResponder()
  }

  deinit { threads.shutdownGracefully { _ in } }

  /// Reads the stores to their end.
  func readStores() {
    for store in registry.stores { while store.tick() == .more {} }
  }

  func ask(
    _ path: String, _ method: HTTPRequest.Method = .get, headers: HTTPFields = [:],
    body: [UInt8]? = nil
  ) async throws -> Answer {
    try await Application(responder: responder).test(.router) { client in
      try await client.execute(
        uri: path, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
      ) { response in
        Answer(
          status: response.status.code, headers: response.headers,
          body: String(buffer: response.body))
      }
    }
  }

  struct Answer {
    let status: Int
    let headers: HTTPFields
    let body: String
  }

  /// A configuration that a test changes.
  final class Loader: Sendable {
    private let stores: [String]
    private let yaml: String?
    private let fault = Mutex<String?>(nil)
    private let loads = Mutex(0)

    init(stores: [String], yaml: String? = nil) {
      self.stores = stores
      self.yaml = yaml
    }

    var count: Int { loads.withLock { $0 } }

    func fail(_ problem: String?) { fault.withLock { $0 = problem } }

    func load() throws(ConfigurationError) -> ExporterConfiguration {
      loads.withLock { $0 += 1 }
      if let problem = fault.withLock({ $0 }) {
        throw ConfigurationError(
          source: "exporter.yml:1:1", key: "stores", value: problem, expected: "none")
      }
      if let yaml {
        return try ExporterConfiguration.parse(yaml: Array(yaml.utf8), file: "/exporter.yml")
      }
      var configuration = ExporterConfiguration()
      try configuration.add(storeArguments: stores)
      return configuration
    }
  }
}
