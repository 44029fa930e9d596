import EvidenceStore
import ReflexiveCore
import Testing

@testable import Following

struct StoreStateTests {
  private let state = StoreState(
    name: "s", path: "s.db", settings: StoreIndicators.Settings(labelValues: 10))
  private let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
  private let start = ContinuousClock.now

  private var status: StoreStatus { state.snapshot(at: now).status }

  private func execution(_ id: Int64, age: Double = 0) -> Evidence {
    var execution = Evidence(id: id, kind: .execution, event: .unknown)
    execution.time = now.advanced(by: -age)
    return execution
  }

  private func batch(_ evidence: [Evidence]) -> EvidenceBatch {
    var batch = EvidenceBatch()
    batch.evidence = evidence
    return batch
  }

  private func pass(_ tailID: Int64?, of highestID: Int64?, reset: ResetReason? = nil) -> Pass {
    Pass(
      reset: reset, tailID: tailID, highestID: highestID,
      info: StoreInfo(
        timeColumn: StoreInfo.TimeColumn(hasTS: true, hasTimestamp: false), journalMode: "wal"),
      sizeBytes: 10)
  }

  @Test func nothingIsServedBeforeTheEndIsReached() {
    #expect(!state.isSettled)
    _ = state.apply(pass(1, of: 2), batch([execution(1)]), now: now)
    #expect(state.snapshot(at: now).evidence == nil)
    #expect(status.isUp && status.backlog == 1 && status.lastRead == nil && !state.isSettled)
    _ = state.apply(pass(2, of: 2), batch([execution(2)]), now: now)
    #expect(state.snapshot(at: now).evidence?.agents.first?.executions == 2)
    #expect(status.backlog == 0 && status.lastRead == now && state.isSettled)
  }

  @Test func aResetForgetsWhatWasCountedAndServesNothingUntilTheEnd() {
    _ = state.apply(pass(1, of: 1), batch([execution(1)]), now: now)
    _ = state.apply(pass(1, of: 2, reset: .replaced), batch([execution(1)]), now: now)
    #expect(state.snapshot(at: now).evidence == nil)
    #expect(status.resets == [.replaced: 1] && state.isSettled)
    _ = state.apply(pass(2, of: 2), batch([execution(2)]), now: now)
    #expect(state.snapshot(at: now).evidence?.agents.first?.executions == 2)
  }

  @Test func onlyRowsReadAfterCatchUpSayHowFreshTheyAre() {
    _ = state.apply(pass(1, of: 1), batch([execution(1, age: 50)]), now: now)
    #expect(status.commitToVisible.counts.reduce(0, +) == 0)
    _ = state.apply(
      pass(3, of: 3), batch([execution(2, age: 0.02), execution(3, age: -5)]), now: now)
    #expect(status.commitToVisible.counts.prefix(2) == [1, 1])
  }

  @Test func aFailedReadKeepsWhatIsKnown() {
    _ = state.apply(pass(1, of: 1), batch([execution(1)]), now: now)
    #expect(state.fail(.corrupt, at: start) == .wentDown)
    #expect(state.fail(.corrupt, at: start) == .none)
    #expect(status.readErrors == [.corrupt: 2] && !status.isUp)
    #expect(state.snapshot(at: now).evidence != nil)
    #expect(state.apply(pass(1, of: 1), batch([]), now: now) == .wentUp)
    #expect(status.isUp)
  }

  @Test func aLockMakesTheStoreDownAfterThirtySecondsAndNotBefore() {
    _ = state.apply(pass(1, of: 1), batch([execution(1)]), now: now)
    #expect(state.fail(.locked, at: start) == .none)
    #expect(state.fail(.locked, at: start.advanced(by: .seconds(29))) == .none)
    #expect(status.isUp && status.readErrors == [.locked: 2])
    #expect(state.fail(.locked, at: start.advanced(by: .seconds(30))) == .wentDown)
    #expect(!status.isUp)
    _ = state.apply(pass(1, of: 1), batch([]), now: now)
    #expect(state.fail(.locked, at: start.advanced(by: .seconds(60))) == .none)
    #expect(status.isUp)
  }

  @Test func aStoreThatCannotBeReadHoldsReadinessBackNoMore() {
    _ = state.fail(.missing, at: start)
    #expect(state.isSettled && !status.isUp)
  }
}

extension StoreState {
  fileprivate func apply(_ pass: Pass, _ batch: EvidenceBatch, now: UnixTime) -> Transition {
    var batch = batch
    return apply(pass, &batch, now: now)
  }
}
