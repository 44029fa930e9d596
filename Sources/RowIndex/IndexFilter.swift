import ReflexiveCore

/// A filter, translated to the codes of the index.
package struct IndexFilter: Sendable {
  struct Condition {
    var column: BlockColumn
    var codes: CodeMatch
  }

  /// The conditions on the rows of a block that its header leaves open.
  enum BlockConditions {
    /// No row can match.
    case never
    /// A row matches if all of these hold, and the condition on its rejection.
    case all([Condition])
  }

  private let source: EvidenceFilter
  private let now: UnixTime
  private var conditions: [Condition] = []
  private var subject: CodeMatch?

  init(_ filter: EvidenceFilter, _ names: NameCodes, now: UnixTime) {
    source = filter
    self.now = now
    if let event = filter.event { add(.event, names.codes(of: event)) }
    if let agent = filter.agent { add(agent, of: .execution, names) }
    if let gate = filter.gate { add(gate, of: .evaluation, names) }
    subject = filter.subject.map { names.codes(of: $0) }
    if let range = filter.score { add(.quality, ScoreCode.codes(in: range)) }
    if let range = filter.consistency { add(.consistency, ScoreCode.codes(in: range)) }
    if let range = filter.maturity { add(.maturity, ScoreCode.codes(in: range)) }
  }

  private mutating func add(_ column: BlockColumn, _ codes: CodeMatch) {
    conditions.append(Condition(column: column, codes: codes))
  }

  private mutating func add(_ name: LabelValue, of kind: RowKind, _ names: NameCodes) {
    add(.kind, CodeMatch(UInt64(kind.rawValue)...UInt64(kind.rawValue)))
    add(.name, names.codes(of: name))
  }

  /// Whether the filter matches every row.
  var isEmpty: Bool { source.isEmpty }

  /// The conditions that some rows of the block may meet and others may not.
  func conditions(for header: BlockHeader) -> BlockConditions {
    var all = conditions
    if let subject {
      all.append(Condition(column: header.subjectIsName ? .name : .subject, codes: subject))
      all.append(Condition(column: .maturity, codes: CodeMatch(1...UInt64.max)))
    }
    if let since = source.since {
      all.append(Condition(column: .time, codes: header.times.codes(after: since.seconds)))
    }
    if let until = source.until {
      all.append(Condition(column: .time, codes: header.times.codes(through: until.seconds)))
    }
    if let rejected = source.rejected, rejection(in: header) == nil {
      guard let codes = Self.codes(of: rejected) else { return .never }
      all.append(Condition(column: .rejection, codes: codes))
    }
    var open: [Condition] = []
    for condition in all {
      let layout = header[condition.column]
      let values = layout.least...layout.greatest
      guard let possible = condition.codes.possible, possible.overlaps(values) else {
        return .never
      }
      if let certain = condition.codes.certain, certain.contains(values) { continue }
      open.append(condition)
    }
    return .all(open)
  }

  /// The condition on the rejection, in a block of which some rows may be ahead of the clock.
  struct RejectionCondition {
    var rejected: EvidenceFilter.Rejected
    /// The codes of the times ahead of the clock.
    var ahead: CodeMatch
  }

  /// `nil` if ``conditions(for:)`` cover the rejection.
  func rejection(in header: BlockHeader) -> RejectionCondition? {
    guard let rejected = source.rejected else { return nil }
    // Half a millisecond to either side allows for rounding: the decoder compares a difference of
    // times with the tolerance.
    let edge = now.advanced(by: Rejection.futureTolerance).seconds
    let ahead = CodeMatch(
      possible: header.times.codes(after: edge - 0.0005).possible,
      certain: header.times.codes(after: edge + 0.0005).certain)
    let times = header[.time].least...header[.time].greatest
    guard let possible = ahead.possible, possible.overlaps(times) else { return nil }
    return RejectionCondition(rejected: rejected, ahead: ahead)
  }

  /// The codes of the rejections of rows that are not ahead of the clock.
  private static func codes(of rejected: EvidenceFilter.Rejected) -> CodeMatch? {
    switch rejected {
    case .any: return CodeMatch(1...UInt64(UInt8.max))
    case .reason(.futureTimestamp): return nil
    case .reason(let reason):
      let code = UInt64(RejectionCode.code(of: reason))
      return CodeMatch(code...code)
    }
  }
}

extension IndexFilter.RejectionCondition {
  /// Whether a row with this lasting rejection may match, and whether it certainly does.
  func allows(_ rejection: UInt8, mayBeAhead: Bool, isAhead: Bool) -> (Bool, Bool) {
    let comesFirst = RejectionCode.beforeTime.contains(rejection)
    switch rejected {
    case .any:
      let isRejected = rejection != RejectionCode.none
      return (isRejected || mayBeAhead, isRejected || isAhead)
    case .reason(.futureTimestamp):
      return (mayBeAhead && !comesFirst, isAhead && !comesFirst)
    case .reason(let reason):
      let isReason = rejection == RejectionCode.code(of: reason)
      if comesFirst { return (isReason, isReason) }
      return (isReason && !isAhead, isReason && !mayBeAhead)
    }
  }
}
