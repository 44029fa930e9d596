import ArgumentParser
import ExporterApp

struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Checks a configuration and says which stores it follows.")

  @OptionGroup var stores: StoreFlags

  func run() throws {
    let configuration = try stores.loader()()
    let discovery = StoreDiscovery.discover(configuration.stores)
    for store in discovery.found { print("store \(store.name): \(store.path)") }
    for conflict in discovery.conflicts { print("not followed: \(conflict)") }
    print("the configuration is good")
  }
}
