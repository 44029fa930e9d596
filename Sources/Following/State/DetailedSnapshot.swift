package import ReflexiveCore

/// What is served of one store at one moment, with what it was made from.
package struct DetailedSnapshot: Sendable {
  package var store: StoreSnapshot
  /// `nil` where ``StoreSnapshot/evidence`` is.
  package var indicators: StoreIndicators?

  package init(store: StoreSnapshot, indicators: StoreIndicators?) {
    self.store = store
    self.indicators = indicators
  }
}

extension StoreRegistry {
  package func detailedSnapshots(at now: UnixTime) -> [DetailedSnapshot] {
    stores.map { $0.state.detailedSnapshot(at: now) }
  }
}
