import ConfigurationFiles
import Exposition

extension Collector {
  static func discoveryFamilies(_ counts: [DiscoveryCount]) -> [MetricFamily] {
    var stores = MetricFamily(.discoveryStores)
    var conflicts = MetricFamily(.discoveryConflicts)
    for count in counts {
      stores.append([count.path], Double(count.stores))
      conflicts.append([count.path], Double(count.conflicts))
    }
    return [stores, conflicts]
  }
}

extension MetricDescriptor {
  fileprivate static let discoveryStores = MetricDescriptor(
    "reflexive_discovery_stores",
    help: "Stores that a configured path or glob stands for now; 0 where a glob finds no file.",
    type: .gauge, labelNames: ["path"])
  fileprivate static let discoveryConflicts = MetricDescriptor(
    "reflexive_discovery_conflicts",
    help: "Files that are not followed because their derived name is taken or cannot be a label.",
    type: .gauge, labelNames: ["path"])
}
