import Glibc

/// Writes the output of a command.
package enum OutputFile {
  /// Replaces a file atomically. Writes into anything that is no regular file, such as a pipe or
  /// `/dev/null`.
  package static func write(_ bytes: [UInt8], to path: String) throws(SystemFailure) {
    if let status = try? FileStatus(of: path), !status.isRegular {
      try Descriptor(O_WRONLY, at: AT_FDCWD, path).write(bytes)
    } else {
      let file = try PartialFile(for: path, mode: 0o666)
      try file.write(bytes)
      try file.publish()
    }
  }

  package static func writeToStandardOutput(_ bytes: [UInt8]) throws(SystemFailure) {
    var position = 0
    while position < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(
          STDOUT_FILENO, buffer.baseAddress.map { $0 + position }, buffer.count - position)
      }
      if count > 0 {
        position += count
      } else if errno != EINTR {
        throw SystemFailure("cannot write to standard output", systemError: errno)
      }
    }
  }
}
