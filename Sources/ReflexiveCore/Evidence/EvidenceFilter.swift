/// The rows that a page, the API or an export asks for. A condition that is `nil` matches every
/// row.
package struct EvidenceFilter: Hashable, Sendable {
  /// The rejection that a row has to have.
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
  /// The lower bound of the evidence time, exclusive.
  package var since: UnixTime?
  /// The upper bound of the evidence time, inclusive.
  package var until: UnixTime?
  package var rejected: Rejected?

  package init() {}

  /// Whether the filter matches every row.
  package var isEmpty: Bool { self == EvidenceFilter() }

  /// - Parameters:
  ///   - row: the evidence of a row, decoded now and with names of any length.
  ///   - bytes: the bytes that its names are ranges of.
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

  /// - Parameter name: `nil` where rows of this kind have no such name; `unknown` where it is
  ///   missing.
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

/// A closed range of scores. A bound that is `nil` leaves that side open.
package struct ScoreRange: Hashable, Sendable {
  package var lower: Double?
  package var upper: Double?

  package init(lower: Double? = nil, upper: Double? = nil) {
    self.lower = lower
    self.upper = upper
  }

  /// Whether `score` is in the range. A missing score is in no range.
  package func contains(_ score: Double?) -> Bool {
    guard let score else { return false }
    return lower.map { score >= $0 } ?? true && upper.map { score <= $0 } ?? true
  }
}
