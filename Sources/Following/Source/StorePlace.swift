package import ConfigurationFiles
import EvidencePostgres
import EvidenceStore
import LinuxSystem

/// The place where the rows of a store are.
package enum StorePlace: Hashable, Sendable {
  case file(String)
  case table(PostgresAddress)

  package var path: String {
    switch self {
    case .file(let path): path
    case .table(let address): address.url
    }
  }

  /// Whether the configuration still has the store in this place.
  func isSame(as store: DiscoveredStore) -> Bool {
    if case .table(let address) = self { return store.configuration.postgresql == address }
    return store.configuration.postgresql == nil
  }

  /// Whether it is a file of this machine, whose events tell when to read it.
  var isFile: Bool {
    if case .file = self { true } else { false }
  }

  /// - Parameter position: the position of an earlier source of this place. Another kind is
  ///   ignored.
  func source(
    payloadLimit: Int, stop: StopSignal?, resumingAt position: StorePosition? = nil
  ) -> any FollowedSource {
    switch self {
    case .file(let path):
      var start: TailPosition?
      if case .file(let position) = position { start = position }
      return EvidenceTail(path: path, payloadLimit: payloadLimit, resumingAt: start)
    case .table(let address):
      var start: TablePosition?
      if case .table(let position) = position { start = position }
      return PostgresTail(address, payloadLimit: payloadLimit, stop: stop, resumingAt: start)
    }
  }

  func rows(payloadLimit: Int) -> any RowSource {
    switch self {
    case .file(let path): EvidenceReader(path: path, payloadLimit: payloadLimit)
    case .table(let address): PostgresReader(address, payloadLimit: payloadLimit)
    }
  }
}

extension PostgresTail: FollowedSource {
  var storePosition: StorePosition? { position.map { .table($0) } }
}
