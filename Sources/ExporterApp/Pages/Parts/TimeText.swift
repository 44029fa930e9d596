import ReflexiveCore

/// Times and durations as people read them.
enum TimeText {
  /// `2026-11-25 08:00:00 UTC`.
  static func whole(_ time: UnixTime) -> String {
    let text = time.calendarText
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }

  /// `08:00:00 UTC`, with the date if it is not that of `now`.
  static func short(_ time: UnixTime, now: UnixTime) -> String {
    let isToday = time.calendarText.prefix(10) == now.calendarText.prefix(10)
    return isToday ? "\(time.calendarText.dropFirst(11).prefix(8)) UTC" : whole(time)
  }

  /// `12 min ago`, `in 3 h`.
  static func relative(_ time: UnixTime, now: UnixTime) -> String {
    let seconds = now.since(time)
    if abs(seconds) < 1 { return "now" }
    return seconds > 0 ? "\(duration(seconds)) ago" : "in \(duration(-seconds))"
  }

  /// About how long: `45 s`, `12 min`, `3 h`, `2 days`.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Decimal(seconds, places: 0).text) s"
    case ..<5400: "\(Decimal(seconds / 60, places: 0).text) min"
    case ..<172_800: "\(Decimal(seconds / 3600, places: 0).text) h"
    default: "\(Decimal(seconds / 86_400, places: 0).text) days"
    }
  }
}

extension HTML {
  /// A time, and how long ago it was; nothing where it is not known.
  static func time(_ time: UnixTime?, now: UnixTime) -> HTML {
    guard let time else { return .empty }
    return HTML.joined {
      Tag.time(.dateTime(time.calendarText)) { TimeText.short(time, now: now) }
      " "
      Tag.small { unbroken("(\(TimeText.relative(time, now: now)))") }
    }
  }

  /// With blanks at which no line ends.
  private static func unbroken(_ text: String) -> String {
    String(text.map { $0 == " " ? "\u{a0}" : $0 })
  }

  static func joined(@HTMLBuilder _ content: () -> HTML) -> HTML { content() }
}
