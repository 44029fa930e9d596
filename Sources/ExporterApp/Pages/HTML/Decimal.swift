/// A number in decimal notation.
struct Decimal: Hashable, Sendable {
  let text: String

  /// - Parameters:
  ///   - places: of decimals, from 0 to 9.
  ///   - isPadded: zeros at the end stay, so that numbers below each other are aligned.
  init(_ number: Double, places: Int, isPadded: Bool = false) {
    let scale = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9][min(max(places, 0), 9)]
    guard number.isFinite, abs(number) * scale < 9e15 else {
      text = "\(number)"
      return
    }
    let scaled = Int64((abs(number) * scale).rounded())
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int64(scale))
    var digits = String(rest)
    digits = String(repeating: "0", count: max(0, places - digits.count)) + digits
    while !isPadded, digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    let sign = number < 0 && scaled > 0 ? "\u{2212}" : ""
    text = sign + String(whole) + (digits.isEmpty || places == 0 ? "" : "." + digits)
  }

  /// A whole number, in groups of three digits.
  init(_ number: Int) {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.utf8.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    text = (number < 0 ? "\u{2212}" : "") + groups.joined(separator: ",")
  }

  /// As short as it can be, in groups of three digits where it is whole.
  init(short number: Double) {
    if let whole = Int(exactly: number) {
      self.init(whole)
    } else {
      self.init(number, places: 9)
    }
  }

  /// A number with what it counts: `1 row`, `2,000 rows`.
  ///
  /// - Parameter noun: in the singular; its plural ends in s.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(Decimal(count).text) \(noun)\(count == 1 ? "" : "s")"
  }
}
