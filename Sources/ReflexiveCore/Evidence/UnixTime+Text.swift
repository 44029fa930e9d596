extension UnixTime {
  /// A time as a column holds it: a finite number, digits, or a date and time.
  init?(_ column: Column, in bytes: Span<UInt8>) {
    switch column {
    case .integer(let seconds): self.init(seconds: Double(seconds))
    case .real(let seconds): self.init(seconds: seconds + 0)
    case .text(let range):
      let text = bytes.extracting(range.indices(in: bytes))
      guard let time = UnixTime(dateAndTime: text) ?? UnixTime(digits: text) else { return nil }
      self = time
    case .null, .blob, .tooLarge: return nil
    }
  }

  /// A time as a payload holds it: a number, or a string with a date and time.
  init?(_ text: Payload.Text, in bytes: Span<UInt8>) {
    switch text {
    case .number(let seconds): self.init(seconds: seconds)
    case .string(let range, isEscaped: false):
      self.init(dateAndTime: bytes.extracting(range.indices(in: bytes)))
    case .string(let range, isEscaped: true):
      var unescaped: [UInt8] = []
      JSONString.unescape(
        bytes.extracting(range.indices(in: bytes)), upTo: Self.longestDate, into: &unescaped)
      self.init(dateAndTime: unescaped.span)
    case .absent, .other: return nil
    }
  }

  /// The bytes of `YYYY-MM-DDTHH:MM:SS.123456789+HH:MM`.
  private static let longestDate = 35

  /// Unix seconds in text: `-?digits[.digits]`.
  init?(digits text: Span<UInt8>) {
    let start = !text.isEmpty && text[0] == ASCII.minus ? 1 : 0
    let point = text.endOfDigits(from: start)
    guard point > start else { return nil }
    if point < text.count {
      guard text[point] == ASCII.point, text.count > point + 1,
        text.endOfDigits(from: point + 1) == text.count
      else { return nil }
    }
    guard let text = try? UTF8Span(validating: text), let seconds = Double(String(copying: text))
    else { return nil }
    self.init(seconds: seconds + 0)
  }

  /// Exactly `YYYY-MM-DD(T| )HH:MM:SS[.1–9 digits][Z|±HH:MM|±HHMM]`; without a zone it is UTC.
  ///
  /// A real date of the years 1–9999, hours 0–23, minutes and seconds 0–59; the zone's hours and
  /// minutes likewise.
  init?(dateAndTime text: Span<UInt8>) {
    guard text.count >= 19, text[4] == ASCII.minus, text[7] == ASCII.minus,
      text[10] == ASCII.upperT || text[10] == ASCII.space,
      let year = text.number(at: 0, digits: 4), let month = text.number(at: 5, digits: 2),
      let day = text.number(at: 8, digits: 2),
      let days = Self.days(year: year, month: month, day: day),
      text[13] == ASCII.colon, text[16] == ASCII.colon,
      let hour = text.number(at: 11, digits: 2), hour <= 23,
      let minute = text.number(at: 14, digits: 2), minute <= 59,
      let second = text.number(at: 17, digits: 2), second <= 59
    else { return nil }
    var zone = 19
    var nanoseconds = 0
    if text.count > zone, text[zone] == ASCII.point {
      zone = text.endOfDigits(from: 20)
      guard 1...9 ~= zone - 20, let fraction = text.number(at: 20, digits: zone - 20) else {
        return nil
      }
      nanoseconds = (zone..<29).reduce(fraction) { fraction, _ in fraction * 10 }
    }
    guard let offset = Self.offset(text, at: zone) else { return nil }
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
    self.init(seconds: Int64(seconds), nanoseconds: Int64(nanoseconds))
  }

  /// Minutes east of UTC, if all that is left of `text` is a zone or nothing.
  private static func offset(_ text: Span<UInt8>, at index: Int) -> Int? {
    let count = text.count - index
    if count == 0 { return 0 }
    let sign = text[index]
    if sign == ASCII.upperZ { return count == 1 ? 0 : nil }
    guard sign == ASCII.plus || sign == ASCII.minus else { return nil }
    let minutesAt: Int
    switch count {
    case 5: minutesAt = index + 3
    case 6 where text[index + 3] == ASCII.colon: minutesAt = index + 4
    default: return nil
    }
    guard let hours = text.number(at: index + 1, digits: 2), hours <= 23,
      let minutes = text.number(at: minutesAt, digits: 2), minutes <= 59
    else { return nil }
    return (hours * 60 + minutes) * (sign == ASCII.minus ? -1 : 1)
  }

  /// Days from 1970-01-01 to a date, `nil` where the calendar has no such date.
  private static func days(year: Int, month: Int, day: Int) -> Int? {
    guard year >= 1, 1...12 ~= month else { return nil }
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length = month == 2 ? (isLeapYear ? 29 : 28) : 30 + (month + month / 8) % 2
    guard 1...length ~= day else { return nil }
    // Years that begin in March have the leap day at their end, and the months before it follow
    // a pattern of 153 days in five.
    let marchYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
    return marchYear * 365 + leapDays + dayOfYear - 719_468
  }
}

extension ByteRange {
  /// Where the range is in `bytes`; empty if `bytes` doesn't hold all of it.
  func indices(in bytes: Span<UInt8>) -> Range<Int> {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      return 0..<0
    }
    return offset..<offset + count
  }
}

extension Span<UInt8> {
  fileprivate func endOfDigits(from start: Int) -> Int {
    var index = start
    while index < count, self[index] &- ASCII.zero <= 9 { index += 1 }
    return index
  }

  /// At most nine digits as a number, `nil` if one of them is none.
  @inline(__always)
  fileprivate func number(at start: Int, digits: Int) -> Int? {
    var number = 0
    for index in start..<start + digits {
      let digit = self[index] &- ASCII.zero
      guard digit <= 9 else { return nil }
      number = number * 10 + Int(digit)
    }
    return number
  }
}
