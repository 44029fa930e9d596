import EvidenceStore
import Testing

@testable import EvidencePostgres

/// The table of resets, line by line.
struct ResetDecisionTests {
  private static let before = ServerIdentity(
    system: "7", database: 5, table: 100, started: 1, timeline: "00000001", position: 1000)

  private static func decide(
    _ change: (inout ServerState) -> Void = { _ in },
    witnesses: (inout WitnessReport) -> Void = { $0.matching = 24 }, highestIsUnread: Bool = false
  ) -> ResetDecision {
    var now = ServerState()
    now.identity = before
    now.highestID = 50
    now.sequenceValue = 50
    change(&now)
    var report = WitnessReport()
    witnesses(&report)
    return ResetDecision(
      ResetDecision.Question(
        before: before, now: now, witnesses: report, tailID: 50, highestIsUnread: highestIsUnread))
  }

  @Test func theSameTableGoesOn() { #expect(Self.decide() == .goOn) }

  @Test func aStandbyBehindWhatWasReadIsWaitedFor() {
    let decision = Self.decide {
      $0.isStandby = true
      $0.identity.position = 900
      $0.identity.timeline = nil
      $0.highestID = 10
    } witnesses: {
      $0.missing = 24
    }
    #expect(decision == .wait)
  }

  @Test func anotherTableIsAResetUnlessItHasTheSameRows() {
    let other: (inout ServerState) -> Void = { $0.identity.table = 101 }
    #expect(Self.decide(other) == .goOnElsewhere)
    #expect(
      Self.decide(other, witnesses: { ($0.matching, $0.missing) = (23, 1) }) == .reset(.replaced))
    #expect(Self.decide(other, witnesses: { _ in }) == .reset(.replaced))
  }

  @Test func aFailoverThatLostRowsIsTruncated() {
    let decision = Self.decide {
      $0.identity.timeline = "00000002"
      $0.identity.started = 2
    } witnesses: {
      ($0.matching, $0.missing, $0.latestMissing) = (20, 4, 4)
    }
    #expect(decision == .reset(.truncated))
    let reused = Self.decide {
      $0.identity.timeline = "00000002"
    } witnesses: {
      ($0.matching, $0.differing, $0.latestDiffering) = (20, 4, 4)
    }
    #expect(reused == .reset(.truncated))
  }

  @Test func aRestartThatForgotRowsGoesOnWhereTheirIdsAreNotUsedAgain() {
    let lost: (inout WitnessReport) -> Void = {
      ($0.matching, $0.missing, $0.latestMissing) = (20, 4, 4)
    }
    let goesOn = Self.decide({ $0.identity.started = 2 }, witnesses: lost)
    #expect(goesOn == .goOnWithoutForgottenRows)
    let rewound = Self.decide {
      $0.identity.started = 2
      $0.sequenceValue = 40
    } witnesses: {
      lost(&$0)
    }
    #expect(rewound == .reset(.truncated))
  }

  @Test func aRowThatDiffersIsAnotherTable() {
    let decision = Self.decide { _ in
    } witnesses: {
      ($0.matching, $0.differing) = (23, 1)
    }
    #expect(decision == .reset(.recreated))
  }

  @Test func idsThatGoBackAreTruncated() {
    let decision = Self.decide {
      $0.highestID = 3
      $0.sequenceValue = 3
    } witnesses: {
      $0.missing = 24
    }
    #expect(decision == .reset(.truncated))
    let unknown: (inout ServerState) -> Void = {
      $0.highestID = 3
      $0.sequenceValue = nil
    }
    #expect(Self.decide(unknown, witnesses: { $0.missing = 24 }) == .reset(.truncated))
    #expect(
      Self.decide(unknown, witnesses: { $0.missing = 24 }, highestIsUnread: true) == .goOn)
  }

  @Test func deletedRowsAreNoReset() {
    let pruned = Self.decide { _ in
    } witnesses: {
      ($0.matching, $0.missing) = (4, 20)
    }
    #expect(pruned == .goOn)
    let emptied = Self.decide {
      $0.highestID = nil
    } witnesses: {
      $0.missing = 24
    }
    #expect(emptied == .goOn)
  }
}
