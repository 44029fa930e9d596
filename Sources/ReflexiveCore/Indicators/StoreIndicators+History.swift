extension StoreIndicators {
  /// The scores over a window of time, piece by piece. Pieces without a score are left out.
  ///
  /// - Parameters:
  ///   - name: the name of the agent, gate or subject; ignored for the store.
  ///   - window: the label of a configured window.
  package func history(
    _ kind: HistoryKind, of name: LabelValue, window: String, at now: UnixTime
  ) -> [HistoryPoint] {
    guard let index = settings.windows.firstIndex(where: { $0.label == window }) else { return [] }
    return history(kind, of: name, index, at: now)
  }

  private func history(
    _ kind: HistoryKind, of name: LabelValue, _ index: Int, at now: UnixTime
  ) -> [HistoryPoint] {
    switch kind {
    case .quality:
      found(name, agentNames, agents)?.means.history(index, at: now) ?? []
    case .consistency:
      found(name, gateNames, gates)?.consistencies.history(index, at: now) ?? []
    case .threshold:
      found(name, gateNames, gates)?.threshold.history(index, at: now) ?? []
    case .maturity:
      found(name, subjectNames, subjects)?.means.history(index, at: now) ?? []
    case .storeQuality:
      means.history(index, at: now)
    }
  }

  private func found<Value>(
    _ name: LabelValue, _ names: LabelTable, _ values: [Value]
  ) -> Value? {
    guard let place = names.values.firstIndex(of: name), place < values.count else { return nil }
    return values[place]
  }
}
