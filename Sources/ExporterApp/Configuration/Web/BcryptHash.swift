import CCrypt
import Glibc

/// A password as bcrypt keeps it: `$2y$10$`, 22 characters of salt, 31 of hash.
package struct BcryptHash: Hashable, Sendable {
  /// Two to the power of it is how often the password is hashed. Greater ones than these would keep
  /// a scrape waiting for most of a minute.
  package static let costs = 4...18

  private static let hashLength = 31
  private let text: String

  var bytes: [UInt8] { Array(text.utf8) }

  /// - Returns: `nil` unless `text` is a hash that ``matches(_:)`` can check. `$2x$` is none: it
  ///   marks hashes of a faulty implementation.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 60, ["$2a$", "$2b$", "$2y$"].contains(String(text.prefix(4))),
      bytes[6] == UInt8(ascii: "$"),
      let cost = NumberText.integer(String(text.dropFirst(4).prefix(2))),
      Self.costs.contains(cost), bytes[7...].allSatisfy(Self.isDigit)
    else { return nil }
    self.text = text
  }

  /// Hashes `password` and compares. It takes 60 ms of a processor at a cost of 10, and twice as
  /// long at the next.
  package func matches(_ password: [UInt8]) -> Bool {
    // libcrypt reads up to a NUL: what has one in it would match by its beginning.
    let readable = password.contains(0) ? [] : password
    guard let data = calloc(1, MemoryLayout<crypt_data>.size) else { return false }
    defer {
      explicit_bzero(data, MemoryLayout<crypt_data>.size)
      free(data)
    }
    let phrase = (readable + [0]).map(CChar.init(bitPattern:))
    let result = crypt_r(phrase, text, data.assumingMemoryBound(to: crypt_data.self))
    guard let result, strlen(result) == text.utf8.count else { return false }
    let computed = UnsafeRawBufferPointer(start: result, count: text.utf8.count)
    let isSame = Self.areEqual(
      computed.suffix(Self.hashLength), text.utf8.suffix(Self.hashLength))
    return isSame && readable.count == password.count
  }

  /// In the same time wherever the first difference is. Both have the same length.
  private static func areEqual(
    _ one: some Collection<UInt8>, _ other: some Collection<UInt8>
  ) -> Bool {
    zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Of the base 64 that bcrypt has: `./A-Za-z0-9`.
  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
