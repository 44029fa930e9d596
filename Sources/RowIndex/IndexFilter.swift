import ReflexiveCore

/// A filter in the codes of the index.
package struct IndexFilter: Sendable {
  struct Condition {
    var column: BlockColumn
    var codes: CodeMatch
  }

  /// What holds for the rows of a block without a look at them.
  enum BlockConditions {
    /// No row can match.
    case never
    /// A row matches if all of these hold, and the one of its rejection.
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

  /// Every row is asked for.
  var isEmpty: Bool { source.isEmpty }

  /// The conditions that some rows of the block may meet and others not.
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

  /// What is asked of a row's rejection, in a block of which some rows may lie ahead of the clock.
  struct RejectionCondition {
    var rejected: EvidenceFilter.Rejected
    /// Codes of the times that lie ahead.
    var ahead: CodeMatch
  }

  /// `nil` where ``conditions(for:)`` have all that is asked.
  func rejection(in header: BlockHeader) -> RejectionCondition? {
    guard let rejected = source.rejected else { return nil }
    // Half a millisecond to either side: whether a row is ahead is told by a difference of times.
    let edge = now.advanced(by: Rejection.futureTolerance).seconds
    let ahead = CodeMatch(
      possible: header.times.codes(after: edge - 0.0005).possible,
      certain: header.times.codes(after: edge + 0.0005).certain)
    let times = header[.time].least...header[.time].greatest
    guard let possible = ahead.possible, possible.overlaps(times) else { return nil }
    return RejectionCondition(rejected: rejected, ahead: ahead)
  }

  /// Codes of the rejections of rows that don't lie ahead of the clock.
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
  /// Whether a row with this lasting reason may match, and whether it surely does.
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
