import COpenSSL

/// SHA-256 and HMAC-SHA-256 of OpenSSL's libcrypto, for digests that stay in memory.
///
/// swift-crypto would compile a second BoringSSL, besides that of NIOSSL, in every clean build.
enum SHA256 {
  static let byteCount = 32

  static func hash(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: byteCount)
    let isDone = EVP_Digest(message, message.count, &digest, nil, EVP_sha256(), nil) == 1
    return checked(digest, isDone)
  }

  /// The code that only someone who knows `key` can make for `message` (RFC 2104).
  static func authenticationCode(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: byteCount)
    let result = HMAC(
      EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
    return checked(code, result != nil)
  }

  /// libcrypto fails only without memory, or if it was built or configured without SHA-256. A
  /// digest that is the same for all messages would let everybody in.
  private static func checked(_ digest: [UInt8], _ isDone: Bool) -> [UInt8] {
    precondition(isDone, "libcrypto has no SHA-256")
    return digest
  }
}
