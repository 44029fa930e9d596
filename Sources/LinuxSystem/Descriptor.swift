import Glibc

/// An open file. It is closed with the last reference to this object.
final class Descriptor: Sendable {
  let number: Int32
  private let name: String

  /// - Parameters:
  ///   - flags: the flags of open(2).
  ///   - directory: the directory that a relative `name` starts from.
  ///   - mode: the mode of a new file, less the umask. By default only its owner may read and write
  ///     it.
  init(
    _ flags: Int32, at directory: Int32, _ name: String, mode: UInt32 = 0o600
  ) throws(SystemFailure) {
    number = openat(directory, name, flags | O_CLOEXEC, mode)
    self.name = name
    guard number >= 0 else { throw SystemFailure("cannot open \(name)", systemError: errno) }
  }

  deinit { if number >= 0 { close(number) } }

  func write(_ bytes: [UInt8]) throws(SystemFailure) {
    var position = 0
    while position < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(number, buffer.baseAddress.map { $0 + position }, buffer.count - position)
      }
      if count > 0 {
        position += count
      } else if errno != EINTR {
        throw SystemFailure("cannot write \(name)", systemError: errno)
      }
    }
  }

  /// The size of the file in bytes. Moves the position to the start.
  /// - Throws: for a file without a size, such as a pipe.
  func size() throws(SystemFailure) -> Int {
    let size = lseek(number, 0, SEEK_END)
    guard size >= 0, lseek(number, 0, SEEK_SET) == 0 else {
      throw SystemFailure("cannot read \(name)", systemError: errno)
    }
    return size
  }

  /// - Parameter size: the most bytes to read.
  func readToEnd(expecting size: Int) throws(SystemFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    var position = 0
    while position < size {
      let count = bytes.withUnsafeMutableBytes { buffer in
        read(number, buffer.baseAddress.map { $0 + position }, buffer.count - position)
      }
      if count == 0 { break }
      if count > 0 {
        position += count
      } else if errno != EINTR {
        throw SystemFailure("cannot read \(name)", systemError: errno)
      }
    }
    bytes.removeLast(size - position)
    return bytes
  }

  func synchronize() throws(SystemFailure) {
    guard fsync(number) == 0 else { throw SystemFailure("cannot sync \(name)", systemError: errno) }
  }
}
