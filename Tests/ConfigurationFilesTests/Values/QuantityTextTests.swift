import Testing

@testable import ConfigurationFiles

struct QuantityTextTests {
  @Test(arguments: [
    ("1h", 3600), ("24h", 86_400), ("7d", 604_800), ("2w", 1_209_600), ("1y", 31_536_000),
    ("500ms", 0.5), ("1ms", 0.001), ("90s", 90), ("1h30m", 5400), ("1m1ms", 60.001),
    ("1y1w1d1h1m1s1ms", 32_230_861.001), ("0s", 0), ("007m", 420),
    ("9223372036854775807ms", 9_223_372_036_854_775.807),
  ])
  func aDurationIsItsSeconds(text: String, seconds: Double) {
    #expect(DurationText.seconds(text) == seconds)
  }

  @Test(arguments: [
    "", "0", "1", "h", "1 h", " 1h", "1h ", "-1h", "+1h", "1.5h", "1e3s", "1H", "1min", "1sec",
    "1m1h", "1h1h", "1s500", "1ms1s", "1hh", "1d-1h", "١h", "1h\0", "1h\n", "P1D", "1µs",
    "1h\u{301}",
    "9223372036854775808ms", "292471209y", "292471208y292471208w", "99999999999999999999h",
  ])
  func anythingElseIsNoDuration(text: String) {
    #expect(DurationText.seconds(text) == nil)
  }

  @Test(arguments: [
    ("0", 0), ("1024", 1024), ("1KiB", 1024), ("64KiB", 65_536), ("1MiB", 1_048_576),
    ("2GiB", 2_147_483_648), ("9223372036854775807", Int.max),
  ])
  func aSizeIsItsBytes(text: String, bytes: Int) {
    #expect(ByteSizeText.bytes(text) == bytes)
  }

  @Test(arguments: [
    "", "KiB", "1\u{212A}iB", "1KiB\u{301}", "1 KiB", "1KB", "1kib", "1K", "1B", "1TiB", "-1", "+1",
    "1.5MiB", "1e3", "0x10",
    "1KiBKiB", "1MiB ", "١", "9223372036854775808", "9223372036854775807KiB", "8589934592GiB",
  ])
  func anythingElseIsNoSize(text: String) {
    #expect(ByteSizeText.bytes(text) == nil)
  }

  @Test(arguments: [
    ("0", 0), ("1", 1), ("0.6", 0.6), (".5", 0.5), ("1.", 1), ("+1", 1), ("-1", -1),
    ("1e-3", 0.001),
    ("5E2", 500), ("1e-400", 0),
  ])
  func aNumberIsRead(text: String, number: Double) {
    #expect(NumberText.decimal(text) == number)
  }

  @Test(arguments: [
    "", ".", "e", "1e", "1e400", "-1e400", "inf", "nan", ".inf", "0x1", "1_000", "1,5", " 1", "1 ",
    "1-1", "--1", "60%", "true", "١",
  ])
  func anythingElseIsNoNumber(text: String) {
    #expect(NumberText.decimal(text) == nil)
  }

  @Test func anIntegerIsDigitsOnly() {
    #expect(NumberText.integer("0") == 0)
    #expect(NumberText.integer("9223372036854775807") == Int.max)
    for text in ["", "+1", "-1", "1.0", "1e3", " 1", "1_0", "١", "9223372036854775808"] {
      #expect(NumberText.integer(text) == nil, "\(text)")
    }
  }
}
