package import ReflexiveCore

/// The reason why a check cannot tell something.
package struct CheckError: Hashable, Sendable, Encodable {
  /// The name of the store, or the glob that finds no file; empty if it belongs to no store.
  package var store: String
  /// A reason of `reflexive_store_read_errors_total`, `time_limit`, `no_data` or `conflict`.
  package var kind: String
  /// One line.
  package var reason: String

  /// The kind of the error for a store that has nothing of what was asked for.
  static let noData = "no_data"

  package init(store: String, kind: String, reason: String) {
    self.store = store
    self.kind = kind
    self.reason = reason
  }
}

/// How to judge a lack of data.
package enum NoDataPolicy: String, CaseIterable, Hashable, Sendable {
  case error, fail, pass
}

/// A verdict, and whether the outcome depends on it.
package struct CheckedVerdict: Hashable, Sendable {
  package var verdict: Verdict
  /// False for an agent, gate or subject that fell silent before the range, unless it was asked
  /// for.
  package var counts: Bool

  package init(_ verdict: Verdict, counts: Bool = true) {
    self.verdict = verdict
    self.counts = counts
  }
}

/// The result of a check.
package struct CheckReport: Hashable, Sendable {
  /// From the best to the worst.
  package enum Outcome: Int, CaseIterable, Comparable, Hashable, Sendable {
    case good, breached, unknown

    package static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }

    package var word: String {
      switch self {
      case .good: "good"
      case .breached: "breached"
      case .unknown: "unknown"
      }
    }
  }

  package var range: String
  package var noData: NoDataPolicy
  /// In the order in which they are shown.
  package var verdicts: [CheckedVerdict]
  package var errors: [CheckError]

  package init(
    range: String, noData: NoDataPolicy, verdicts: [CheckedVerdict], errors: [CheckError]
  ) {
    self.range = range
    self.noData = noData
    self.verdicts = verdicts.sorted { $0.verdict < $1.verdict }
    self.errors = errors
  }

  /// The worst of all verdicts and errors.
  package var outcome: Outcome {
    let worst = verdicts.map(outcome).max() ?? .good
    return max(worst, errors.map(outcome).max() ?? .good)
  }

  /// 0 for good, 1 for breached, 2 for unknown.
  package var exitCode: Int32 { Int32(outcome.rawValue) }

  func outcome(_ verdict: CheckedVerdict) -> Outcome {
    switch verdict.verdict.state {
    case .good, .tooFew: .good
    case .breached: .breached
    case .noData: verdict.counts ? outcomeOfNoData : .good
    }
  }

  func outcome(_ error: CheckError) -> Outcome {
    error.kind == CheckError.noData ? outcomeOfNoData : .unknown
  }

  private var outcomeOfNoData: Outcome {
    switch noData {
    case .error: .unknown
    case .fail: .breached
    case .pass: .good
    }
  }
}
