/// The scores in one piece of a window: 1/128 of it.
package struct HistoryPoint: Hashable, Sendable {
  package var start: UnixTime
  /// In seconds.
  package var length: Double
  package var scores: Mean
  /// The rows that the scores are of; `nil` where that is not kept.
  package var ids: IDSpan?

  package init(start: UnixTime, length: Double, scores: Mean, ids: IDSpan? = nil) {
    self.start = start
    self.length = length
    self.scores = scores
    self.ids = ids
  }

  package var end: UnixTime { start.advanced(by: length) }
  package var middle: UnixTime { start.advanced(by: length / 2) }
}

/// Scores whose course over a window is known.
package enum HistoryKind: Hashable, Sendable {
  /// Of the executions of an agent.
  case quality
  /// Of the evaluations of a gate.
  case consistency, threshold
  /// Of a subject.
  case maturity
  /// Of all executions of the store.
  case storeQuality
}
