import ArgumentParser
import ConfigurationFiles
import ExporterApp

struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Checks a configuration and lists the stores that it follows.")

  @OptionGroup var stores: StoreFlags
  @OptionGroup var web: WebConfigurationFlags

  func run() throws {
    if let file = web.path { try WebConfiguration.check(file: file) }
    if stores.isGiven || web.path == nil { try checkStores() }
    print("the configuration is valid")
  }

  private func checkStores() throws {
    let configuration = try stores.loader()()
    let discovery = StoreDiscovery.discover(configuration.stores)
    for store in discovery.found {
      let receives = store.configuration.receives ? ", receives evidence" : ""
      print("store \(store.name): \(store.path)\(receives)")
    }
    for count in discovery.counts where count.stores + count.conflicts == 0 {
      report("warning: the glob \(quoted(count.path)) finds no file")
    }
    for conflict in discovery.conflicts { report("not followed: \(conflict)") }
    guard discovery.conflicts.isEmpty else {
      throw UsageError(
        message: "\(discovery.conflicts.count) of the files that globs find cannot be followed: "
          + "expected a name of its own for each; an entry with path and name gives it one")
    }
  }

  private func report(_ line: String) {
    LineLogHandler.writeToStandardError(Array("\(line)\n".utf8))
  }
}
