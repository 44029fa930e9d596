import Foundation
import Testing

@testable import ReflexiveCore

@Suite struct TimeFuzzTests {
  private static let tokens = [
    "T", " ", "Z", "+", "-", ":", ".", "0", "9", "00", "59", "60", "23", "24", "29", "30", "31",
    "02",
    "0001", "1900", "2000", "9999", "+23:59", "-2359", "+24:00", ".123456789", ".0", "e5", "é",
    "1e",
    "00000000000000000000",
  ]
  private static let seeds = [
    "2026-11-25T08:00:00", "2024-02-29 23:59:59.999999999+05:30", "1900-02-28T00:00:00Z",
    "0001-01-01T00:00:00-23:59", "9999-12-31T23:59:59.9+2359", "1969-12-31T23:59:59.5",
    "1714566896.25", "-1.5", "0", "007", "99999999999999999999999999999999999999",
  ].map { Array($0.utf8) }

  @Test func theParserAndTheCLibraryAgree() throws {
    let fuzz = try Fuzz("time", iterations: 20_000, seeds: Self.seeds, tokens: Self.tokens)
    var readable = 0
    let tried = try fuzz.run { input in
      let range = ByteRange(offset: 0, count: input.count)
      let time = UnixTime(.text(range), in: input.span)?.seconds
      let expected = Self.dateAndTime(input) ?? Self.digits(input)
      readable += expected == nil ? 0 : 1
      return time == expected
        ? nil : "parsed \(String(describing: time)), expected \(String(describing: expected))"
    }
    #expect(tried / 20..<tried ~= readable, "\(readable) of \(tried) are times")
  }

  @Test func aWrittenTimeIsReadBack() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<20_000 {
      let time = UnixTime(
        seconds: Int64.random(in: -62_135_596_800...253_402_300_799, using: &random),
        nanoseconds: Int64.random(in: 0..<1_000_000, using: &random) * 1000)
      let text = Array(time.calendarText.utf8)
      guard let read = UnixTime(dateAndTime: text.span) else {
        Issue.record("\(time.calendarText) cannot be read")
        continue
      }
      // The text is cut to microseconds, and a double of the year 9999 is exact to 31 of them.
      #expect(abs(read.since(time)) <= 1e-6 + 2 * time.seconds.ulp, "\(time.calendarText)")
    }
  }

  /// Uses `timegm`, which normalizes an invalid date: `gmtime_r` then gives another date back.
  private static func dateAndTime(_ input: [UInt8]) -> Double? {
    let pattern =
      /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|([+-])(\d\d):?(\d\d))?/
      .asciiOnlyDigits().matchingSemantics(.unicodeScalar)
    guard let text = String(validating: input, as: UTF8.self),
      let match = text.wholeMatch(of: pattern)?.output,
      let date = DateFields(match.1, match.2, match.3, match.4, match.5, match.6),
      let seconds = date.seconds
    else { return nil }
    let fraction = match.7.map { Double($0 + String(repeating: "0", count: 9 - $0.count)) ?? 0 }
    var offset = 0
    if let hours = match.10.flatMap({ Int($0) }), let minutes = match.11.flatMap({ Int($0) }) {
      guard hours < 24, minutes < 60 else { return nil }
      offset = (hours * 60 + minutes) * (match.9 == "-" ? -60 : 60)
    }
    return Double(seconds - offset) + (fraction ?? 0) / 1e9
  }

  private static func digits(_ input: [UInt8]) -> Double? {
    let pattern = /-?\d+(\.\d+)?/.asciiOnlyDigits().matchingSemantics(.unicodeScalar)
    guard let text = String(validating: input, as: UTF8.self), text.wholeMatch(of: pattern) != nil
    else { return nil }
    let value = strtod(text, nil)
    return value.isFinite ? value : nil
  }
}

/// A date and a time of day, as written.
private struct DateFields: Equatable {
  private var numbers: [Int32]

  init?(_ texts: Substring...) {
    numbers = texts.compactMap { Int32($0) }
    guard numbers.count == texts.count else { return nil }
  }

  /// Seconds since 1970; `nil` if there is no such date in the years 1 to 9999.
  var seconds: Int? {
    var fields = tm()
    (fields.tm_year, fields.tm_mon, fields.tm_mday) = (
      numbers[0] - 1900, numbers[1] - 1, numbers[2]
    )
    (fields.tm_hour, fields.tm_min, fields.tm_sec) = (numbers[3], numbers[4], numbers[5])
    var seconds = timegm(&fields)
    var mended = tm()
    gmtime_r(&seconds, &mended)
    let back = [
      mended.tm_year + 1900, mended.tm_mon + 1, mended.tm_mday, mended.tm_hour, mended.tm_min,
      mended.tm_sec,
    ]
    return back == numbers && numbers[0] >= 1 ? seconds : nil
  }
}
