import ArgumentParser
import ExporterApp

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follows evidence databases and serves their metrics (default).")

  @OptionGroup var stores: StoreFlags
  @OptionGroup var web: WebFlags
  @OptionGroup var log: LogFlags

  func run() async throws {
    let logger = try log.logger()
    let options = try web.serveOptions()
    let load = try stores.loader()
    try await Daemon.run(options, load: load, logger: logger)
  }
}
