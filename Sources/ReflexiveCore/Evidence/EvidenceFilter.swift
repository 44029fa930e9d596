/// Which rows a page, the API or an export asks for. What is `nil` asks for nothing.
package struct EvidenceFilter: Hashable, Sendable {
  /// What is asked of a row's rejection.
  package enum Rejected: Hashable, Sendable {
    case any
    case reason(Rejection)
  }

  package var event: LabelValue?
  package var agent: LabelValue?
  package var gate: LabelValue?
  package var subject: LabelValue?
  package var score: ScoreRange?
  package var consistency: ScoreRange?
  package var maturity: ScoreRange?
  /// Evidence times after this.
  package var since: UnixTime?
  /// Evidence times up to and including this.
  package var until: UnixTime?
  package var rejected: Rejected?

  package init() {}

  /// Every row is asked for.
  package var isEmpty: Bool { self == EvidenceFilter() }

  /// - Parameters:
  ///   - row: decoded at the moment of the question, with names of any length.
  ///   - bytes: what its names are ranges of.
  package func matches(_ row: Evidence, in bytes: [UInt8]) -> Bool {
    matchesTime(row.time) && matchesScores(row) && matchesRejection(row.rejection)
      && Self.matches(event, row.event, in: bytes)
      && Self.matches(agent, row.kind == .execution ? row.agent : nil, in: bytes)
      && Self.matches(gate, row.kind == .evaluation ? row.gate : nil, in: bytes)
      && Self.matches(subject, row.maturity != nil ? row.subject : nil, in: bytes)
  }

  private func matchesTime(_ time: UnixTime?) -> Bool {
    if since == nil, until == nil { return true }
    guard let time else { return false }
    return since.map { time > $0 } ?? true && until.map { time <= $0 } ?? true
  }

  private func matchesScores(_ row: Evidence) -> Bool {
    score?.contains(row.quality) ?? true && consistency?.contains(row.consistency) ?? true
      && maturity?.contains(row.maturity) ?? true
  }

  private func matchesRejection(_ rejection: Rejection?) -> Bool {
    switch rejected {
    case nil: true
    case .any: rejection != nil
    case .reason(let reason): rejection == reason
    }
  }

  /// - Parameter name: `nil` where the row has no such name, not even a missing one.
  private static func matches(
    _ wanted: LabelValue?, _ name: Name?, in bytes: [UInt8]
  ) -> Bool {
    guard let wanted else { return true }
    switch name {
    case nil: return false
    case .unknown: return wanted == .unknown
    case .tooLong: return wanted == .overflow
    case .bytes(let range):
      return bytes[range.offset..<range.offset + range.count].elementsEqual(wanted.text.utf8)
    }
  }
}

/// Scores from `lower` to `upper`, both included; `nil` is without a bound.
package struct ScoreRange: Hashable, Sendable {
  package var lower: Double?
  package var upper: Double?

  package init(lower: Double? = nil, upper: Double? = nil) {
    self.lower = lower
    self.upper = upper
  }

  /// A row without the score is not in any range.
  package func contains(_ score: Double?) -> Bool {
    guard let score else { return false }
    return lower.map { score >= $0 } ?? true && upper.map { score <= $0 } ?? true
  }
}
