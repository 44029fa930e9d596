/// Sizes in bytes: `4096`, `64KiB`, `1MiB`, `2GiB`.
///
/// `KB` and `MB` are refused: to some they are powers of 1000, to others of 1024.
enum ByteSizeText {
  private static let units = [("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]

  /// - Returns: bytes; `nil` if `text` is no size, or too large for an `Int`.
  static func bytes(_ text: String) -> Int? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let name = text.utf8.dropFirst(digits.count)
    // Compares bytes: to a `String`, the sign for Kelvin is a K.
    guard let count = Int(Substring(digits)),
      let unit = units.first(where: { $0.0.utf8.elementsEqual(name) })
    else { return nil }
    let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: unit.1)
    return isTooLarge ? nil : bytes
  }
}
