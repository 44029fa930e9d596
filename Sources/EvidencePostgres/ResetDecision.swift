import EvidenceStore

/// Whether the table is still the one that was read.
///
/// | found, the first that holds | then |
/// | --- | --- |
/// | a standby of the same system, behind what was read | wait |
/// | another system, database or table, and not all witnesses match | `replaced` |
/// | another timeline, and one of the latest 8 is missing or differs | `truncated` |
/// | a restart, and one of the latest 8 differs | `recreated` |
/// | a restart, one of them is missing, and the sequence is below the tail | `truncated` |
/// | any witness differs | `recreated`; `truncated` after another timeline |
/// | the highest id is below the tail, and the sequence too | `truncated` |
/// | the same without a sequence to ask, no witness matches, and the highest row was counted before | `truncated` |
/// | anything else: rows were deleted | go on |
enum ResetDecision: Hashable {
  case goOn
  /// The same rows in another place: a restored copy, or a subscriber.
  case goOnElsewhere
  /// The server restarted and has forgotten rows that it had shown; their ids are not used again.
  case goOnWithoutForgottenRows
  case wait
  case reset(ResetReason)

  /// What is known before and now.
  struct Question {
    var before: ServerIdentity
    var now: ServerState
    var witnesses: WitnessReport
    /// The highest id that was counted.
    var tailID: Int64
    /// The highest id of the table has not been counted.
    var highestIsUnread: Bool
  }

  init(_ question: Question) {
    let (before, now, seen) = (question.before, question.now, question.witnesses)
    let isSameSystem = before.system == now.identity.system
    if now.isStandby, isSameSystem, let read = before.position,
      let position = now.identity.position,
      position < read
    {
      self = .wait
      return
    }
    if !before.isSameDatabase(as: now.identity) {
      let matchesAll = seen.total > 0 && seen.matching == seen.total
      self = matchesAll ? .goOnElsewhere : .reset(.replaced)
      return
    }
    let hasOtherTimeline = Self.differ(before.timeline, now.identity.timeline)
    let isBelow = now.sequenceValue.map { $0 < question.tailID }
    if hasOtherTimeline, seen.latestMissing + seen.latestDiffering > 0 {
      self = .reset(.truncated)
    } else if seen.differing > 0 {
      self = .reset(hasOtherTimeline ? .truncated : .recreated)
    } else if Self.differ(before.started, now.identity.started), seen.latestMissing > 0 {
      self = isBelow == true ? .reset(.truncated) : .goOnWithoutForgottenRows
    } else if Self.isRewound(question, sequenceIsBelow: isBelow) {
      self = .reset(.truncated)
    } else {
      self = .goOn
    }
  }

  private static func isRewound(_ question: Question, sequenceIsBelow: Bool?) -> Bool {
    guard (question.now.highestID ?? .min) < question.tailID else { return false }
    if let sequenceIsBelow { return sequenceIsBelow }
    return question.witnesses.matching == 0 && question.now.highestID != nil
      && !question.highestIsUnread
  }

  private static func differ<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
    guard let left, let right else { return false }
    return left != right
  }
}
