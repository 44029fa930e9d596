extension UnixTime {
  /// The times that a calendar text can express, in seconds: years 1 to 9999.
  private static let firstSecond = -62_135_596_800.0
  private static let endSecond = 253_402_300_800.0

  /// The time as `2026-11-25T08:00:00.123456Z`, clamped to the years 1 to 9999.
  package var calendarText: String { Self.text(microseconds: clampedMicroseconds) }

  /// Bytes of ``calendarText``.
  package static let calendarLength = 27

  /// Writes ``calendarText`` to memory that has room for it, in UTF-8.
  package func writeCalendarText(to buffer: UnsafeMutableBufferPointer<UInt8>) {
    guard buffer.count >= Self.calendarLength else { return }
    Self.write(microseconds: clampedMicroseconds, to: buffer)
  }

  private var clampedMicroseconds: Int64 {
    seconds < Self.endSecond ? microseconds : Int64(Self.endSecond) * 1_000_000 - 1
  }

  /// The calendar text and the whole milliseconds since 1970; `nil` outside the years 1 to 9999.
  package var calendar: (text: String, milliseconds: Int64)? {
    guard seconds >= Self.firstSecond, seconds < Self.endSecond else { return nil }
    let microseconds = microseconds
    return (Self.text(microseconds: microseconds), Self.floorDivide(microseconds, 1000))
  }

  /// The whole microseconds since 1970. The time must not be after the year 9999.
  private var microseconds: Int64 {
    Int64((max(seconds, Self.firstSecond) * 1e6).rounded(.down))
  }

  private static func text(microseconds: Int64) -> String {
    String(unsafeUninitializedCapacity: calendarLength) { buffer in
      write(microseconds: microseconds, to: buffer)
      return calendarLength
    }
  }

  /// Writes digit by digit for speed: the receiver formats a time for each row.
  private static func write(
    microseconds: Int64, to buffer: UnsafeMutableBufferPointer<UInt8>
  ) {
    let days = floorDivide(microseconds, 86_400_000_000)
    let rest = microseconds - days * 86_400_000_000
    let (year, month, day) = date(daysSince1970: days)
    let second = rest / 1_000_000
    var next = 0
    func write(_ number: Int64, _ digits: Int, then end: UInt8) {
      var number = number
      for index in stride(from: next + digits - 1, through: next, by: -1) {
        buffer[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
        number /= 10
      }
      buffer[next + digits] = end
      next += digits + 1
    }
    write(year, 4, then: UInt8(ascii: "-"))
    write(month, 2, then: UInt8(ascii: "-"))
    write(day, 2, then: UInt8(ascii: "T"))
    write(second / 3600, 2, then: UInt8(ascii: ":"))
    write(second / 60 % 60, 2, then: UInt8(ascii: ":"))
    write(second % 60, 2, then: UInt8(ascii: "."))
    write(rest % 1_000_000, 6, then: UInt8(ascii: "Z"))
  }

  private static func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    dividend >= 0 ? dividend / divisor : (dividend - divisor + 1) / divisor
  }

  /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
  private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
