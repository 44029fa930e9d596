/// The scores in one piece of a window. A piece is 1/128 of the window.
package struct HistoryPoint: Hashable, Sendable {
  package var start: UnixTime
  /// The length in seconds.
  package var length: Double
  package var scores: Mean
  /// The ids of the rows with the scores; `nil` where they are not kept.
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

/// The kinds of scores that have a history over a window.
package enum HistoryKind: Hashable, Sendable {
  /// The scores of an agent's executions.
  case quality
  /// The values of a gate's evaluations.
  case consistency, threshold
  /// The scores of a subject.
  case maturity
  /// The scores of all executions of the store.
  case storeQuality
}
