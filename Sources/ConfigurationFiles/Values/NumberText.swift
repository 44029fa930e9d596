/// Numbers in decimal notation: no hexadecimal, no `inf`, no `nan`, no `_` between digits.
package enum NumberText {
  /// - Returns: `nil` if `text` is no number, or too large for a double.
  package static func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
      let number = Double(text), number.isFinite
    else { return nil }
    return number
  }

  /// - Returns: `nil` unless `text` is digits only and fits.
  static func integer(_ text: String) -> Int? {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text)
  }
}
