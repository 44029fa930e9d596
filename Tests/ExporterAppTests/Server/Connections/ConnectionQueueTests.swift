import Testing

@testable import ExporterApp

struct ConnectionQueueTests {
  private var queue = ConnectionQueue<Int>(limit: 3)

  init() {
    for id in 1...3 { _ = queue.admit(id) }
  }

  @Test func theConnectionThatWaitsLongestMakesRoom() {
    var queue = queue
    #expect(queue.admit(4) == .admitted(closing: 1))
    #expect(queue.admit(5) == .admitted(closing: 2))
    #expect(queue.count == 3)
  }

  @Test func waitingBeginsAnewWithEachAnswer() {
    var queue = queue
    queue.beginAnswering(1)
    queue.beginWaiting(1)
    #expect(queue.admit(4) == .admitted(closing: 2))
  }

  @Test func aConnectionThatIsAnsweredStays() {
    var queue = queue
    for id in 1...3 { queue.beginAnswering(id) }
    #expect(queue.admit(4) == .refused)
    #expect(queue.admit(5) == .dropped)
    queue.remove(4)
    #expect(queue.admit(6) == .refused)
    queue.remove(1)
    #expect(queue.admit(7) == .admitted(closing: nil))
  }

  @Test func aConnectionThatMadeRoomStaysOut() {
    var queue = queue
    #expect(queue.admit(4) == .admitted(closing: 1))
    queue.beginAnswering(1)
    queue.beginWaiting(1)
    queue.remove(1)
    #expect(queue.count == 3)
  }

  @Test func pressureIsToldAtOnceAndThenOnceAMinute() {
    var pressure = ConnectionPressure()
    let start = ContinuousClock.now
    #expect(pressure.note(closed: 1, at: start) == .init(closed: 1, refused: 0))
    #expect(pressure.note(closed: 1, at: start + .seconds(1)) == nil)
    #expect(pressure.note(refused: 1, at: start + .seconds(59)) == nil)
    #expect(pressure.note(closed: 1, at: start + .seconds(60)) == .init(closed: 2, refused: 1))
  }
}
