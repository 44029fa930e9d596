package import ReflexiveCore

/// The served snapshot of one store at one moment, with the indicators that it was made from.
package struct DetailedSnapshot: Sendable {
  package var store: StoreSnapshot
  /// `nil` if ``StoreSnapshot/evidence`` is.
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
