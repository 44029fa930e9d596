import ReflexiveCore

/// Parses the header `Retry-After`. Source: RFC 9110, sections 10.2.3 and 5.6.7.
enum RetryAfter {
  /// The wait that a header asks for: seconds, or the time until a date.
  ///
  /// - Returns: `nil` if it is neither.
  static func wait(_ text: String, now: UnixTime) -> Duration? {
    guard !text.isEmpty else { return nil }
    if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      // Longer than any deadline, and short enough to count with.
      return .seconds(min(Int64(text) ?? .max, 1 << 32))
    }
    guard let date = date(text) else { return nil }
    return .seconds(min(max(date.since(now), 0), 0x1p32))
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Parses `Sun, 06 Nov 1994 08:49:37 GMT`, the form that servers have to send.
  private static func date(_ text: String) -> UnixTime? {
    let parts = text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    guard parts.count == 6, parts[5] == "GMT",
      let month = months.firstIndex(of: String(parts[2]))
    else { return nil }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    let calendar = Array("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z".utf8)
    return UnixTime(dateAndTime: calendar.span)
  }
}
