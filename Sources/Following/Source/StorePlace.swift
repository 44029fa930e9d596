package import ConfigurationFiles
import EvidencePostgres
import EvidenceStore
import LinuxSystem

/// Where the rows of a store are.
package enum StorePlace: Hashable, Sendable {
  case file(String)
  case table(PostgresAddress)

  package var path: String {
    switch self {
    case .file(let path): path
    case .table(let address): address.url
    }
  }

  /// Whether the configuration still says the same of it.
  func isSame(as store: DiscoveredStore) -> Bool {
    if case .table(let address) = self { return store.configuration.postgresql == address }
    return store.configuration.postgresql == nil
  }

  /// Whether it is a file of this machine, whose events say when to read it.
  var isFile: Bool {
    if case .file = self { true } else { false }
  }

  /// - Parameter position: where another source of this place was; one of another kind is not used.
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
