import LinuxSystem

extension ExporterConfiguration {
  /// The store of this configuration at `path`: the same file or, if there is no file, the same
  /// path.
  package func listedStore(at path: String) -> DiscoveredStore? {
    let found = StoreDiscovery.discover(stores).found
    guard let identity = (try? FileStatus(of: path))?.identity else {
      return found.first { $0.path.utf8.elementsEqual(path.utf8) }
    }
    return found.first { (try? FileStatus(of: $0.path))?.identity == identity }
  }
}
