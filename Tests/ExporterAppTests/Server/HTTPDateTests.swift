import Following
import ReflexiveCore
import Synchronization
import Testing

@testable import ExporterApp

@Suite struct HTTPDateTests {
  @Test func aDateIsWrittenAsHTTPWantsIt() {
    #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
    #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
  }

  @Test func theDateGoesOnWithTheClock() {
    let now = Mutex(Int64(784_111_777))
    let date = HTTPDate(
      TimeSource(
        wall: { UnixTime(seconds: now.withLock { $0 }) }, monotonic: { ContinuousClock.now }))
    #expect(date.text == "Sun, 06 Nov 1994 08:49:37 GMT")
    now.withLock { $0 += 2 }
    #expect(date.text == "Sun, 06 Nov 1994 08:49:39 GMT")
  }
}
