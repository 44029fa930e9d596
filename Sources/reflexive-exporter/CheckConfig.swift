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
    for store in discovery.found { print("store \(store.name): \(store.path)") }
    for conflict in discovery.conflicts { print("not followed: \(conflict)") }
  }
}
