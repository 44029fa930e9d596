package import ReflexiveCore

/// A checked configuration of the exporter. `deploy/reflexive-exporter.example.yml` explains every
/// key.
package struct ExporterConfiguration: Equatable, Sendable {
  package var stores: [StoreConfiguration] = []
  /// The objectives of all stores. A store may override some of them.
  package var objectives = Objectives()
  /// The windows that are served besides `all`.
  package var windows = Window.defaults
  package var limits = Limits()
  /// Seconds without evidence after which an agent, gate or subject is no longer served; `nil` is
  /// never.
  package var retireAfter: Double?
  package var receiver = ReceiverSettings()

  package init() {}

  package struct Limits: Hashable, Sendable {
    /// The distinct values of each label in a store. Later ones are folded into `_other`.
    package var labelValues = 500
    /// The largest payload in bytes. Longer ones are rejected unread.
    package var payloadBytes = 1 << 20

    package init() {}
  }
}

extension ExporterConfiguration {
  /// Adds the stores of the option `--store`. They have the objectives of the file.
  package mutating func add(storeArguments: [String]) throws(ConfigurationError) {
    for argument in storeArguments {
      let store = try StoreConfiguration(argument: argument, objectives: objectives)
      if let (index, sharing) = store.clash(in: stores) {
        let other = "the store \(quotedPath(stores[index].pattern))"
        throw StoreConfiguration.argumentError(
          argument, because: "\(other) has the same \(sharing)",
          expected: "a path and a name of its own")
      }
      stores.append(store)
    }
  }
}
