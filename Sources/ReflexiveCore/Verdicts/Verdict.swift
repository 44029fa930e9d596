/// One indicator of one subject, compared with its limit.
package struct Verdict: Hashable, Sendable {
  /// What is judged. The raw value is the name that pages, the API and `check` use.
  package enum Indicator: String, CaseIterable, Hashable, Sendable {
    case qsr
    case consistencyStreak = "consistency_streak"
    case drop
    case threshold
    case rmm
    case rejected
    case clarity
  }

  /// The kind of thing that ``subject`` names.
  package enum SubjectKind: String, CaseIterable, Hashable, Sendable {
    case agent, gate, subject, store, checkpoint
  }

  package enum Value: Hashable, Sendable {
    case number(Double)
    case text(String)
  }

  /// The relation of the value to the limit while the indicator is good.
  package enum Comparison: String, CaseIterable, Hashable, Sendable {
    case atLeast = ">="
    case below = "<"
    case different = "!="
    case atMost = "<="
  }

  /// The state of the indicator. The cases are in the order in which verdicts are shown.
  package enum State: String, CaseIterable, Hashable, Sendable {
    case breached
    /// There are fewer samples than `min_samples`. The verdict still has a value.
    case tooFew = "too_few"
    /// There is no sample in the range.
    case noData = "no_data"
    case good
  }

  package var store: String
  package var indicator: Indicator
  package var subjectKind: SubjectKind
  /// The name of the agent, gate, subject, store or checkpoint.
  package var subject: LabelValue
  /// The label of a window, or of all rows.
  package var range: String
  /// `nil` if it is unknown.
  package var value: Value?
  package var limit: Value
  package var comparison: Comparison
  /// The number of scores, evaluations or rows behind the value; `nil` for a threshold.
  package var samples: Int?
  package var state: State
  /// The first and the last of the rows behind the value. For a drop, the first is an estimate.
  package var ids: IDSpan?

  package init(
    store: String, indicator: Indicator, subjectKind: SubjectKind, subject: LabelValue,
    range: String, value: Value? = nil, limit: Value, comparison: Comparison, samples: Int? = 0,
    state: State = .noData, ids: IDSpan? = nil
  ) {
    self.store = store
    self.indicator = indicator
    self.subjectKind = subjectKind
    self.subject = subject
    self.range = range
    self.value = value
    self.limit = limit
    self.comparison = comparison
    self.samples = samples
    self.state = state
    self.ids = ids
  }
}

extension Verdict: Comparable {
  /// Orders by state, then by the bytes of store, indicator and subject.
  package static func < (left: Verdict, right: Verdict) -> Bool {
    let (rank, otherRank) = (left.state.rank, right.state.rank)
    guard rank == otherRank else { return rank < otherRank }
    return left.names.lexicographicallyPrecedes(right.names)
  }

  private var names: [LabelValue] {
    [
      LabelValue(store), LabelValue(indicator.rawValue), subject, LabelValue(subjectKind.rawValue),
    ]
  }
}

extension Verdict.State {
  fileprivate var rank: Int {
    switch self {
    case .breached: 0
    case .tooFew: 1
    case .noData: 2
    case .good: 3
    }
  }
}
