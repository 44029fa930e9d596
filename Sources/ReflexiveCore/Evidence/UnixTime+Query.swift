extension UnixTime {
  /// Parses a time that a person or program gives: RFC 3339, `2026-11-25T08:00:00Z`, or Unix
  /// seconds.
  package init?(rfc3339OrSeconds text: String) {
    let bytes = Array(text.utf8)
    if let time = UnixTime(digits: bytes.span) {
      self = time
      return
    }
    // RFC 3339 has a zone, with a colon in it.
    let hasZone =
      bytes.last == UInt8(ascii: "Z")
      || bytes.count > 6 && bytes[bytes.count - 3] == UInt8(ascii: ":")
        && (bytes[bytes.count - 6] == UInt8(ascii: "+") || bytes[bytes.count - 6] == ASCII.minus)
    guard hasZone, let time = UnixTime(dateAndTime: bytes.span) else { return nil }
    self = time
  }
}
