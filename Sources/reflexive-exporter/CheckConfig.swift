import ArgumentParser
import ConfigurationFiles
import EvidencePostgres
import EvidenceStore
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
    var unreadable = 0
    for store in discovery.found {
      let receives = store.configuration.receives ? ", receives evidence" : ""
      print("store \(store.name): \(store.path)\(receives)")
      if let address = store.configuration.postgresql, !isReadable(address, name: store.name) {
        unreadable += 1
      }
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
    guard unreadable == 0 else {
      throw FailedCommand(message: "\(unreadable) of the tables cannot be read")
    }
  }

  /// Connects to the table, and reports what the role lacks.
  private func isReadable(_ address: PostgresAddress, name: String) -> Bool {
    do throws(StoreReadError) {
      for warning in try RoleInspection(address).warnings {
        report("warning: store \(name): \(warning)")
      }
      return true
    } catch {
      report("store \(name): \(error)")
      return false
    }
  }

  private func report(_ line: String) {
    LineLogHandler.writeToStandardError(Array("\(line)\n".utf8))
  }
}
