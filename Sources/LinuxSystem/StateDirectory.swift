import Glibc

/// The directory where state is kept over restarts, for as long as this object lives locked against
/// any other daemon.
///
/// It is opened once, and files in it are named relative to it: whatever happens to the path later,
/// what is read and written stays in this directory.
package final class StateDirectory: Sendable {
  private static let lockName = "lock"
  /// Far above what the state of one store can take.
  private static let byteLimit = 1 << 30

  package let path: String
  private let directory: Descriptor
  private let lock: Descriptor

  /// Makes the directory if it is not there.
  package init(path: String) throws(SystemFailure) {
    self.path = path
    try Self.make(path)
    directory = try Descriptor(O_RDONLY | O_DIRECTORY, at: AT_FDCWD, path)
    lock = try Descriptor(O_RDWR | O_CREAT | O_NOFOLLOW, at: directory.number, Self.lockName)
    guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      throw code == EWOULDBLOCK
        ? SystemFailure("\(path) is in use by another daemon")
        : SystemFailure("cannot lock \(path)/\(Self.lockName)", systemError: code)
    }
    // A directory that cannot be written is no use, and now is the time to say so.
    guard faccessat(directory.number, ".", W_OK | X_OK, AT_EACCESS) == 0 else {
      throw SystemFailure("cannot write to \(path)", systemError: errno)
    }
  }

  /// - Returns: `nil` where there is no such file.
  package func read(_ name: String) throws(SystemFailure) -> [UInt8]? {
    let file: Descriptor
    do throws(SystemFailure) {
      file = try Descriptor(O_RDONLY | O_NOFOLLOW | O_NONBLOCK, at: directory.number, name)
    } catch {
      if faccessat(directory.number, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0, errno == ENOENT {
        return nil
      }
      throw error
    }
    let size = try file.size()
    guard size <= Self.byteLimit else {
      throw SystemFailure("\(name) is no file that was written here")
    }
    return try file.readToEnd(expecting: size)
  }

  /// Writes the file anew: whatever happens meanwhile, it has either the old content or the new.
  package func replace(_ name: String, with bytes: [UInt8]) throws(SystemFailure) {
    let temporary = name + ".tmp"
    do throws(SystemFailure) {
      // What a killed daemon left, or somebody's link: the new file is made by nobody else.
      unlinkat(directory.number, temporary, 0)
      let file = try Descriptor(O_WRONLY | O_CREAT | O_EXCL, at: directory.number, temporary)
      try file.write(bytes)
      try file.synchronize()
      guard renameat(directory.number, temporary, directory.number, name) == 0 else {
        throw SystemFailure("cannot rename \(temporary)", systemError: errno)
      }
    } catch {
      unlinkat(directory.number, temporary, 0)
      throw error
    }
    try directory.synchronize()
  }

  /// Makes a directory and what is missing above it.
  private static func make(_ path: String) throws(SystemFailure) {
    guard !path.utf8.contains(0) else { throw SystemFailure("a path cannot contain NUL") }
    let bytes = Array(path.utf8)
    for end in bytes.indices.dropFirst() where bytes[end] == UInt8(ascii: "/") {
      mkdir(String(decoding: bytes[..<end], as: UTF8.self), 0o700)
    }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw SystemFailure("cannot make \(path)", systemError: errno)
    }
  }
}
