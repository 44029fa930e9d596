import Glibc

/// A file that has a temporary name until it is complete.
///
/// The process that writes it holds a lock on it. A file without a lock was left by a killed
/// process, and the next writer removes it.
package final class PartialFile {
  package static let suffix = ".partial"

  /// The temporary name.
  package let path: String
  private let target: String
  private let file: Descriptor
  private var isPublished = false

  /// Creates an empty file, and removes a leftover of that name.
  ///
  /// - Parameters:
  ///   - target: the final name.
  ///   - mode: the mode of the file, less the umask. By default only its owner may read it.
  package init(for target: String, mode: UInt32 = 0o600) throws(SystemFailure) {
    self.target = target
    path = target + Self.suffix
    try Self.removeLeftover(path)
    file = try Descriptor(O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, at: AT_FDCWD, path, mode: mode)
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
      throw SystemFailure("cannot lock \(path)", systemError: errno)
    }
  }

  deinit { if !isPublished { unlink(path) } }

  /// Empties the file.
  package func truncate() throws(SystemFailure) {
    guard ftruncate(file.number, 0) == 0 else {
      throw SystemFailure("cannot truncate \(path)", systemError: errno)
    }
  }

  package func write(_ bytes: [UInt8]) throws(SystemFailure) { try file.write(bytes) }

  /// Renames the file to its final name and replaces an existing file. A crash leaves one of the
  /// two complete.
  package func publish() throws(SystemFailure) {
    try file.synchronize()
    guard rename(path, target) == 0 else {
      throw SystemFailure("cannot rename \(path)", systemError: errno)
    }
    isPublished = true
    try Descriptor(O_RDONLY | O_DIRECTORY, at: AT_FDCWD, Self.directory(of: target)).synchronize()
  }

  /// Removes a file that a killed process has left.
  ///
  /// - Throws: if another process is writing the file.
  package static func removeLeftover(_ path: String) throws(SystemFailure) {
    guard faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 else { return }
    let leftover = try Descriptor(O_RDONLY | O_NOFOLLOW | O_NONBLOCK, at: AT_FDCWD, path)
    guard flock(leftover.number, LOCK_EX | LOCK_NB) == 0 else {
      throw SystemFailure("\(path) is being written by another process")
    }
    unlink(path)
  }

  package static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// The names in a directory, in no order, without `.` and `..`.
package func fileNames(in directory: String) throws(SystemFailure) -> [String] {
  guard let stream = opendir(directory) else {
    throw SystemFailure("cannot read \(directory)", systemError: errno)
  }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
