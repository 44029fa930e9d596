/// A bcrypt hash of a password: `$2y$10$`, 22 characters of salt, 31 of hash.
package struct BcryptHash: Hashable, Sendable {
  /// The costs that are accepted. Each step doubles the time of a check, and above 18 a scrape
  /// would wait for half a minute or longer.
  package static let costs = 4...18

  package let text: String

  /// - Returns: `nil` unless `text` is a hash that libcrypt can check. `$2x$` is refused: it marks
  ///   hashes of a faulty implementation.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 60,
      ["$2a$", "$2b$", "$2y$"].contains(where: { bytes.starts(with: $0.utf8) }),
      bytes[6] == UInt8(ascii: "$"),
      let cost = NumberText.integer(String(decoding: bytes[4..<6], as: UTF8.self)),
      Self.costs.contains(cost), bytes[7...].allSatisfy(Self.isDigit)
    else { return nil }
    self.text = text
  }

  /// A digit of the base 64 that bcrypt uses: `./A-Za-z0-9`.
  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
