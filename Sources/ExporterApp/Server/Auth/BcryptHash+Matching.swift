import CCrypt
import ConfigurationFiles
import Glibc

extension BcryptHash {
  private static let hashLength = 31

  var bytes: [UInt8] { Array(text.utf8) }

  /// Hashes `password` and compares the result. At a cost of 10 this takes some 60 ms of processor
  /// time, and each step doubles that.
  func matches(_ password: [UInt8]) -> Bool {
    // libcrypt reads up to a NUL, so a password with a NUL would match by its beginning.
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

  /// Compares in constant time. Both must have the same length.
  private static func areEqual(
    _ one: some Collection<UInt8>, _ other: some Collection<UInt8>
  ) -> Bool {
    zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
