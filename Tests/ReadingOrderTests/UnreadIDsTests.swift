import ReadingOrder
import ReflexiveCore
import TestSupport
import Testing

struct UnreadIDsTests {
  /// Rows become visible in any order, some ids never, some long after others; the reader is thrown back
  /// to a checkpoint now and then. Against the slow, obvious model: a set of ids.
  @Test(arguments: 1..<21 as Range<UInt64>)
  func everyRowIsTakenOnceWhateverTheOrder(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var unread = UnreadIDs()
    var committed: Set<Int64> = []
    var taken: Set<Int64> = []
    var saved: (bytes: [UInt8], taken: Set<Int64>)?
    var now: Int64 = 0
    var next: Int64 = 100 + random.below(50)
    for turn in 0..<400 {
      now += random.below(3) == 0 ? 300 : 50
      // Most ids commit near the end, some far above, some late, and some never.
      for _ in 0..<random.below(6) {
        next += random.below(10) == 0 ? random.below(40) : 1
        if random.below(4) != 0 { committed.insert(next) }
        if random.below(8) == 0 { committed.insert(next - random.below(30)) }
      }
      let due = unread.due(at: now)
      let first = unread.firstAbove ?? .max
      let visible = committed.sorted().filter { id in
        id >= first || due.contains { $0.contains(id) }
      }
      for id in visible.prefix(64) {
        let isNew = unread.take(id, at: now, lowest: 1)
        #expect(isNew == !taken.contains(id))
        if isNew { taken.insert(id) }
      }
      unread.noteLook(at: due, now: now)
      unread.endTurn(reachedEnd: visible.count < 64, wait: 1000, now: now)
      // An id is counted or unread, and everything above the highest one seen is unread.
      for id in 1...next + 3 where turn % 20 == 0 && id > unread.floor ?? 0 {
        #expect(unread.contains(id) != taken.contains(id))
      }
      if turn % 7 == 0 { saved = (Self.bytes(of: unread), taken) }
      if random.below(20) == 0, let saved {
        var reader = ByteReader(saved.bytes[...])
        unread = try UnreadIDs(from: &reader)
        try reader.expectEnd()
        unread.lookAgain(at: now)
        taken = saved.taken
      }
    }
    // Old gaps are looked at within a minute.
    for _ in 0..<3 {
      now += 60_000
      let (due, first) = (unread.due(at: now), unread.firstAbove ?? .max)
      for id in committed.sorted() where id >= first || due.contains(where: { $0.contains(id) }) {
        if unread.take(id, at: now) { taken.insert(id) }
      }
      unread.noteLook(at: due, now: now)
    }
    #expect(taken == committed.filter { $0 > unread.floor ?? 0 })
  }

  private static func bytes(of unread: UnreadIDs) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(unread)
    return writer.bytes
  }

  @Test func theExtremesOfIdsAreIdsLikeOthers() {
    var unread = UnreadIDs()
    let taken1 = unread.take(.min, at: 0)
    #expect(taken1)
    #expect(unread.firstAbove == .min + 1)
    let taken2 = unread.take(.max, at: 0)
    #expect(taken2)
    #expect(unread.firstAbove == nil)
    #expect(unread.gaps.map(\.ids) == [(.min + 1)...(.max - 1)])
    let taken3 = unread.take(.max, at: 0)
    #expect(!taken3)
    let taken4 = unread.take(0, at: 0)
    #expect(taken4)
    #expect(unread.gaps.count == 2)
  }

  @Test func aFirstRowOpensAGapDownToTheLowestIdOfTheSequence() {
    var unread = UnreadIDs()
    let taken5 = unread.take(5, at: 0, lowest: 1)
    #expect(taken5)
    #expect(unread.gaps.map(\.ids) == [1...4])
    #expect(unread.floor == 0)
    let taken6 = unread.take(0, at: 0)
    #expect(!taken6)
  }

  @Test func everyIdBelowTheFirstRowOfAnEmptyTableIsLookedFor() {
    var unread = UnreadIDs()
    unread.endTurn(reachedEnd: true, wait: 1000, now: 0)
    _ = unread.take(1_000_000, at: 0, lowest: 1)
    unread.endTurn(reachedEnd: true, wait: 1000, now: 0)
    #expect(unread.gaps.map(\.ids) == [1...999_999])
    #expect(unread.lowestWaiting == 1)
  }

  @Test func theLowestOfTooManyGapsAreForgottenAndCounted() {
    var unread = UnreadIDs()
    for id in 0...Int64(UnreadIDs.gapLimit + 1) { _ = unread.take(id * 2, at: 0, lowest: 0) }
    unread.endTurn(reachedEnd: false, wait: 1000, now: 0)
    #expect(unread.gaps.count == UnreadIDs.gapLimit)
    #expect(unread.forgottenGaps == 1)
    #expect(unread.floor == 1)
    let taken7 = unread.take(1, at: 0)
    #expect(!taken7)
    let taken8 = unread.take(3, at: 0)
    #expect(taken8)
  }

  @Test func aGapIsLookedAtOftenThenSeldomAndNeverClosed() {
    var unread = UnreadIDs()
    _ = unread.take(1, at: 0, lowest: 1)
    _ = unread.take(3, at: 0, lowest: 1)
    func isLookedAt(_ now: Int64) -> Bool {
      let due = unread.due(at: now)
      if !due.isEmpty { unread.noteLook(at: due, now: now) }
      return due == [2...2]
    }
    let looks = stride(from: Int64(50), through: 180_000, by: 50).filter { isLookedAt($0) }
    #expect(looks.filter { $0 < 1000 }.count == 19)
    #expect((200...250).contains(looks.filter { (1000..<61_000).contains($0) }.count))
    #expect(looks.filter { $0 > 61_000 } == [120_000, 180_000] || looks.last ?? 0 >= 120_000)
    let taken9 = unread.take(2, at: 200_000)
    #expect(taken9)
  }

  @Test func aRowWaitsForAGapUntilNobodyIsLeftThatCouldFillIt() {
    var unread = UnreadIDs()
    _ = unread.take(1, at: 0, lowest: 1)
    _ = unread.take(3, at: 0, lowest: 1)
    unread.endTurn(reachedEnd: true, wait: 1000, now: 0)
    #expect(unread.lowestWaiting == 2)
    unread.note(holders: ["3/7"])
    unread.endTurn(reachedEnd: true, wait: 1000, now: 50)
    unread.note(holders: ["3/7", "4/1"])
    unread.endTurn(reachedEnd: true, wait: 1000, now: 100)
    #expect(unread.lowestWaiting == 2)
    // Another look follows before it is settled: the row may have been committed meanwhile.
    unread.note(holders: ["4/1"])
    #expect(unread.lowestWaiting == 2)
    unread.endTurn(reachedEnd: true, wait: 1000, now: 150)
    #expect(unread.lowestWaiting == nil)
    #expect(unread.contains(2))
  }

  @Test func aRowWaitsNoLongerThanItMay() {
    var unread = UnreadIDs()
    _ = unread.take(1, at: 0, lowest: 1)
    _ = unread.take(3, at: 0, lowest: 1)
    unread.endTurn(reachedEnd: true, wait: 1000, now: 0)
    unread.note(holders: ["-1/9"])
    unread.note(holders: ["-1/9"])
    unread.endTurn(reachedEnd: true, wait: 1000, now: 999)
    #expect(unread.lowestWaiting == 2)
    unread.endTurn(reachedEnd: true, wait: 1000, now: 1000)
    #expect(unread.lowestWaiting == nil)
  }

  @Test func onAStandbyTheTransactionsOfTheSnapshotTell() {
    var unread = UnreadIDs()
    _ = unread.take(1, at: 0, lowest: 1)
    _ = unread.take(3, at: 0, lowest: 1)
    unread.endTurn(reachedEnd: true, wait: 1000, now: 0)
    unread.note(lowest: 10, next: 12)
    #expect(unread.lowestWaiting == 2)
    unread.note(lowest: 11, next: 20)
    #expect(unread.lowestWaiting == 2)
    unread.note(lowest: 12, next: 20)
    #expect(unread.lowestWaiting == nil)
  }

  @Test func idsOfRowsThatWaitAreUnreadInACheckpoint() {
    var unread = UnreadIDs()
    for id in [1, 2, 4, 5] as [Int64] { _ = unread.take(id, at: 0, lowest: 1) }
    let saved = unread.puttingBack([4, 5])
    #expect(saved.firstAbove == 3)
    #expect(saved.gaps.isEmpty)
    let other = unread.puttingBack([2])
    #expect(other.gaps.map(\.ids) == [2...3])
    #expect(other.firstAbove == 6)
  }
}

extension SeededGenerator {
  mutating func below(_ limit: Int64) -> Int64 { .random(in: 0..<limit, using: &self) }
}
