import COpenSSL
import Glibc

/// The SHA-256 of a file.
enum FileDigest {
  /// The digest as 64 hexadecimal digits, and the size of the file in bytes.
  static func read(_ path: String) throws(BackupError) -> (sha256: String, bytes: Int64) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw BackupError("\(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    guard let context = EVP_MD_CTX_new() else { throw BackupError("out of memory") }
    defer { EVP_MD_CTX_free(context) }
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var total: Int64 = 0
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw BackupError("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      EVP_DigestUpdate(context, buffer, count)
      total += Int64(count)
    }
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    let digits = Array("0123456789abcdef".utf8)
    let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return (String(decoding: text, as: UTF8.self), total)
  }
}
