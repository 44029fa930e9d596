extension UnixTime {
  /// Reads a column: a finite number, digits, or a date and time.
  init?(_ column: SQLiteValue, in bytes: Span<UInt8>) {
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

  /// Reads a field of a payload: a number, or a string with a date and time.
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

  /// The length of `YYYY-MM-DDTHH:MM:SS.123456789+HH:MM` in bytes.
  private static let longestDate = 35

  /// Parses Unix seconds: `-?digits[.digits]`.
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

  /// Parses exactly `YYYY-MM-DD(T| )HH:MM:SS[.1–9 digits][Z|±HH:MM|±HHMM]`. Without a zone the time
  /// is UTC.
  ///
  /// The date has to exist in the years 1–9999. Hours are 0–23, minutes and seconds 0–59, in the
  /// zone, too.
  package init?(dateAndTime text: Span<UInt8>) {
    guard text.count >= 19, let date = text.numbers(at: 0, like: "0000-00-"),
      text[10] == ASCII.upperT || text[10] == ASCII.space,
      let day = text.number(at: 8, digits: 2),
      let days = Self.days(year: date[0] * 100 + date[2], month: date[5], day: day),
      let time = text.numbers(at: 11, like: "00:00:00"),
      time[0] <= 23, time[3] <= 59, time[6] <= 59
    else { return nil }
    var zone = 19
    var nanoseconds = 0
    if text.count > zone, text[zone] == ASCII.point {
      zone = text.endOfDigits(from: 20)
      guard 1...9 ~= zone - 20, let fraction = text.number(at: 20, digits: zone - 20) else {
        return nil
      }
      nanoseconds = fraction * Self.powersOfTen[29 - zone]
    }
    guard let offset = Self.offset(text, at: zone) else { return nil }
    let seconds = ((days * 24 + time[0]) * 60 + time[3] - offset) * 60 + time[6]
    self.init(seconds: Int64(seconds), nanoseconds: Int64(nanoseconds))
  }

  private static let powersOfTen = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]

  /// Minutes east of UTC; `nil` unless the rest of `text` is a zone or empty.
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

  /// Days from 1970-01-01 to a date; `nil` if the calendar has no such date.
  private static func days(year: Int, month: Int, day: Int) -> Int? {
    guard year >= 1, 1...12 ~= month else { return nil }
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length = month == 2 ? (isLeapYear ? 29 : 28) : 30 + (month + month / 8) % 2
    guard 1...length ~= day else { return nil }
    // If years begin in March, the leap day is their last, and the lengths of the other months
    // repeat every five, with 153 days.
    let marchYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
    return marchYear * 365 + leapDays + dayOfYear - 719_468
  }
}

extension ByteRange {
  /// The indices of the range in `bytes`; empty if `bytes` doesn't hold all of it.
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

  /// At most nine digits as a number; `nil` if one is not a digit.
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

  /// The digits of eight characters at `start`; `nil` unless they match `form`, in which 0 is any
  /// digit.
  @inline(__always)
  fileprivate func numbers(at start: Int, like form: StaticString) -> DigitPairs? {
    guard start >= 0, count - start >= 8 else { return nil }
    let (text, pattern) = withUnsafeBytes { bytes in
      (
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
        UInt64(
          littleEndian: UnsafeRawPointer(form.utf8Start).loadUnaligned(as: UInt64.self))
      )
    }
    return DigitPairs(text, like: pattern)
  }
}

/// The values of the pairs of digits in eight characters, all computed at once.
private struct DigitPairs {
  private let pairs: UInt64

  /// - Parameter pattern: eight ASCII characters, the first in the lowest byte; 0 matches any
  ///   digit.
  init?(_ text: UInt64, like pattern: UInt64) {
    // A digit leaves its value, and any other character that matches leaves 0.
    let rest = text ^ pattern
    let isDigit = (pattern ^ 0x3030_3030_3030_3030).zeroBytes
    // Adding this sets the top bit of a digit above 9 and of any other rest above 0.
    let most = (0x7f7f_7f7f_7f7f_7f7f as UInt64) &- isDigit / 0x80 &* 9
    let tooMuch = rest | ((rest & 0x7f7f_7f7f_7f7f_7f7f) &+ most)
    guard tooMuch & 0x8080_8080_8080_8080 == 0 else { return nil }
    pairs = rest &* 10 &+ rest >> 8
  }

  /// The value of the pair whose first digit is at `index`.
  subscript(index: Int) -> Int { Int(truncatingIfNeeded: pairs >> (index * 8) & 0xff) }
}

extension UInt64 {
  /// 0x80 in each byte that is 0. Every byte has to be below 0x80.
  fileprivate var zeroBytes: UInt64 {
    ~(self &+ 0x7f7f_7f7f_7f7f_7f7f) & 0x8080_8080_8080_8080
  }
}
