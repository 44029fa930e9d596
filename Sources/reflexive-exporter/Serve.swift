import ArgumentParser
import ExporterApp

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follows evidence databases and serves their metrics (default).")

  @OptionGroup var stores: StoreFlags
  @OptionGroup var state: StateFlags
  @OptionGroup var web: WebFlags
  @OptionGroup var log: LogFlags

  func run() async throws {
    let logger = try log.logger()
    var options = try web.serveOptions()
    options.statePath = try state.path(logger)
    let load = try stores.loader()
    try await Daemon.run(options, load: load, logger: logger)
  }
}
