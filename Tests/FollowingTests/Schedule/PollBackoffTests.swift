import LinuxSystem
import Testing

@testable import Following

struct PollBackoffTests {
  private func waits(_ events: FileEvents, polls: Int) -> [Duration] {
    var rhythm = PollBackoff()
    rhythm.note(.busy, events)
    var waits = [rhythm.wait]
    rhythm.note(.quiet, events)
    for _ in 0..<polls {
      waits.append(rhythm.wait)
      rhythm.noteGlance()
    }
    return waits
  }

  @Test func aQuietStoreIsLeftAloneForLongerAndLongerUpToAMinute() {
    #expect(
      waits(.complete, polls: 4)
        == [.seconds(1), .seconds(4), .seconds(16), .seconds(60), .seconds(60)])
  }

  @Test func aStoreWhoseEventsDoNotTellAllIsPolledEachSecond() {
    #expect(waits(.partial, polls: 3) == Array(repeating: .seconds(1), count: 4))
  }

  @Test func aStoreWithoutEventsIsPolledTwentyTimesASecond() {
    #expect(waits(.absent, polls: 3) == Array(repeating: .milliseconds(50), count: 4))
  }

  /// Events tell of no directory that appears.
  @Test(arguments: [FileEvents.absent, .partial, .complete])
  func aMissingStoreIsGlancedAtEveryThreeSecondsAndTriedOnceAMinute(events: FileEvents) {
    var rhythm = PollBackoff()
    rhythm.note(.missing, events)
    for _ in 0..<19 {
      #expect(rhythm.isAtRest && rhythm.wait == .seconds(3))
      rhythm.noteGlance()
    }
    #expect(!rhythm.isAtRest && rhythm.wait == .seconds(3))
    rhythm.note(.missing, events)
    #expect(rhythm.isAtRest)
  }

  @Test(arguments: [FileEvents.absent, .partial, .complete])
  func aStoreThatCannotBeReadIsTriedEachSecond(events: FileEvents) {
    var rhythm = PollBackoff()
    rhythm.note(.failed, events)
    #expect(!rhythm.isAtRest && rhythm.wait == .seconds(1))
  }

  @Test func anythingButQuietBringsTheQuickPollsBack() {
    var rhythm = PollBackoff()
    rhythm.note(.quiet, .complete)
    rhythm.noteGlance()
    #expect(rhythm.isAtRest && rhythm.wait == .seconds(16))
    rhythm.note(.busy, .complete)
    #expect(!rhythm.isAtRest && rhythm.wait == .seconds(1))
    // A glance that was under way has nothing to say any more.
    rhythm.noteGlance()
    #expect(!rhythm.isAtRest && rhythm.wait == .seconds(1))
  }
}
