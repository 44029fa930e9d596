/// Sizes in bytes: `4096`, `64KiB`, `1MiB`, `2GiB`.
///
/// `KB` and `MB` are refused: to some they are powers of 1000, to others of 1024.
enum ByteSizeText {
  private static let units = ["": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]

  /// - Returns: bytes; `nil` if `text` is no size, or too large for an `Int`.
  static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isWholeNumber }
    guard let count = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else {
      return nil
    }
    let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: unit)
    return isTooLarge ? nil : bytes
  }
}
