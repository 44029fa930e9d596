import ConfigurationFiles
package import ReflexiveCore

/// The rows that a check covers.
package struct CheckRange: Hashable, Sendable {
  /// The name of the range in verdicts: `all`, or the given text.
  package let label: String
  /// `nil` for every row.
  package let start: Window.Start?

  package static let all = CheckRange(label: Window.allLabel, start: nil)

  private init(label: String, start: Window.Start?) {
    self.label = label
    self.start = start
  }

  /// The forms that ``init(since:now:)`` takes.
  package static let expectation =
    "a duration such as 24h, a time such as 2026-01-02T03:04:05Z, or id: and an id, such as id:1234"

  /// Creates a range of the rows after a time or an id, or of the latest rows of a duration.
  ///
  /// - Returns: `nil` if `text` is none of them.
  package init?(since text: String, now: UnixTime) {
    label = text
    if let id = Self.id(text) {
      start = .afterID(id)
    } else if let seconds = DurationText.seconds(text) {
      start = .after(now.advanced(by: -seconds))
    } else if let time = UnixTime(dateAndTime: Array(text.utf8).span) {
      start = .after(time)
    } else {
      return nil
    }
  }

  private static func id(_ text: String) -> Int64? {
    let prefix = "id:"
    guard text.utf8.starts(with: prefix.utf8) else { return nil }
    return Int64(String(text.dropFirst(prefix.count)))
  }

  /// The windows by which the store is counted.
  var windows: [Window] { start.map { [Window(label: label, start: $0)] } ?? [] }
}
