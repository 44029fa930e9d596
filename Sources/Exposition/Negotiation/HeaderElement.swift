/// One alternative of a header that lists several: `text/plain;version=0.0.4;q=0.5`.
struct HeaderElement: Equatable {
  /// In lower case, without white space around it.
  var name: String
  /// In lower case and without quotes. The last of two with the same name counts.
  var parameters: [String: String] = [:]

  /// From 0 (refused) to 1, the default; `nil` if it is unreadable.
  ///
  /// It may have more digits than RFC 9110, section 12.4.2, allows. A weight above 1 counts as 1.
  var weight: Double? {
    guard let text = parameters["q"] else { return 1 }
    var value = 0.0
    var scale = 1.0
    var digits = 0
    var inFraction = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = Double(byte - UInt8(ascii: "0"))
        if inFraction { scale /= 10 }
        value = inFraction ? value + digit * scale : min(value * 10 + digit, 1)
        digits += 1
      case UInt8(ascii: ".") where !inFraction: inFraction = true
      default: return nil
      }
    }
    return digits > 0 ? min(value, 1) : nil
  }
}
