import Checking
import ReflexiveCore
import Testing

struct CheckRangeTests {
  private let now = UnixTime(seconds: Int64(1_800_000_000))

  @Test(arguments: [
    ("24h", Window.Start.after(UnixTime(seconds: Int64(1_800_000_000 - 86_400)))),
    ("1h30m", .after(UnixTime(seconds: Int64(1_800_000_000 - 5_400)))),
    ("2026-01-02T03:04:05Z", .after(UnixTime(seconds: Int64(1_767_323_045)))),
    ("2026-01-02T03:04:05+01:00", .after(UnixTime(seconds: Int64(1_767_319_445)))),
    ("id:1234", .afterID(1234)), ("id:-1", .afterID(-1)),
  ])
  func itBeginsAfterADurationATimeOrAnID(text: String, start: Window.Start) throws {
    let range = try #require(CheckRange(since: text, now: now))
    #expect(range.start == start)
    #expect(range.label == text)
  }

  @Test(arguments: ["", "0", "1", "-1h", "yesterday", "id:", "id:x", "all", "2026-01-02", "1h1h"])
  func anythingElseIsRefused(text: String) {
    #expect(CheckRange(since: text, now: now) == nil)
  }
}
