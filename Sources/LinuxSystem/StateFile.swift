import CLinux
import Glibc

/// A file of a ``StateDirectory`` with random access.
package final class StateFile: Sendable {
  private let file: Descriptor
  private let name: String

  init(_ file: Descriptor, name: String) {
    self.file = file
    self.name = name
  }

  /// The size of the file in bytes.
  package func size() throws(SystemFailure) -> Int { try file.size() }

  /// Fills the beginning of `bytes`.
  ///
  /// - Throws: also if the file ends before that.
  package func read(
    into bytes: inout [UInt8], count: Int, at offset: Int
  ) throws(SystemFailure) {
    var position = 0
    while position < count {
      let result = bytes.withUnsafeMutableBytes { buffer in
        pread(
          file.number, buffer.baseAddress.map { $0 + position },
          min(count, buffer.count) - position,
          off_t(offset + position))
      }
      if result > 0 {
        position += result
      } else if result == 0 {
        throw SystemFailure("\(name) ends early")
      } else if errno != EINTR {
        throw SystemFailure("cannot read \(name)", systemError: errno)
      }
    }
  }

  package func write(_ bytes: [UInt8], at offset: Int) throws(SystemFailure) {
    var position = 0
    while position < bytes.count {
      let result = bytes.withUnsafeBytes { buffer in
        pwrite(
          file.number, buffer.baseAddress.map { $0 + position }, buffer.count - position,
          off_t(offset + position))
      }
      if result > 0 {
        position += result
      } else if errno != EINTR {
        throw SystemFailure("cannot write \(name)", systemError: errno)
      }
    }
  }

  package func truncate(to size: Int) throws(SystemFailure) {
    guard ftruncate(file.number, off_t(size)) == 0 else {
      throw SystemFailure("cannot truncate \(name)", systemError: errno)
    }
  }

  /// Waits until all that was written is on disk.
  package func synchronize() throws(SystemFailure) { try file.synchronize() }

  /// Frees the space of a range of bytes, which then read as zeros.
  ///
  /// - Returns: `false` if the file system cannot do that.
  package func release(_ range: Range<Int>) -> Bool {
    linux_file_release(file.number, Int64(range.lowerBound), Int64(range.count)) == 0
  }
}

extension StateDirectory {
  /// Opens a file, which is created if it does not exist.
  package func open(_ name: String) throws(SystemFailure) -> StateFile {
    StateFile(
      try Descriptor(O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, at: number, name), name: name)
  }

  /// Removes a file, if it exists.
  package func remove(_ name: String) { unlinkat(number, name, 0) }

  private var number: Int32 { directory.number }
}
