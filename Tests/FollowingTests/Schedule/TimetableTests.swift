import Testing

@testable import Following

struct TimetableTests {
  private let start = ContinuousClock.now

  private func time(_ seconds: Int) -> ContinuousClock.Instant {
    start.advanced(by: .seconds(seconds))
  }

  @Test func thoseWhoAreDueComeInTheirOrder() {
    var table = Timetable<Int>()
    for (id, due) in [(1, 30), (2, 10), (3, 20), (4, 10)] { table.insert(id, due: time(due)) }
    #expect(table.next == time(10))
    #expect(table.due(at: time(9)).isEmpty)
    #expect(table.due(at: time(20)) == [2, 4, 3])
  }

  @Test func whoIsRemovedIsNotDue() {
    var table = Timetable<Int>()
    for id in 1...100 { table.insert(id, due: time(id % 7)) }
    for id in 1...100 where id % 3 != 0 { table.remove(id, due: time(id % 7)) }
    table.remove(3, due: time(50))
    #expect(table.due(at: time(7)).sorted() == (1...100).filter { $0 % 3 == 0 })
  }
}
