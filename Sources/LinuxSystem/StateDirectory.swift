import Glibc

/// The directory that keeps state across restarts. It is locked against other daemons for as long
/// as this object lives.
///
/// It is opened once, and its files are opened relative to it. So reads and writes stay in this
/// directory even if the path later leads to another one.
package final class StateDirectory: Sendable {
  private static let lockName = "lock"
  /// Far above the size of the state of one store.
  private static let byteLimit = 1 << 30

  package let path: String
  let directory: Descriptor
  private let lock: Descriptor

  /// Creates the directory if it is missing.
  /// - Throws: if it cannot be created or written, or another daemon uses it.
  package init(path: String) throws(SystemFailure) {
    self.path = path
    try Self.create(path)
    directory = try Descriptor(O_RDONLY | O_DIRECTORY, at: AT_FDCWD, path)
    lock = try Descriptor(O_RDWR | O_CREAT | O_NOFOLLOW, at: directory.number, Self.lockName)
    guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      throw code == EWOULDBLOCK
        ? SystemFailure("\(path) is in use by another daemon")
        : SystemFailure("cannot lock \(path)/\(Self.lockName)", systemError: code)
    }
    // An unwritable directory fails here instead of at the first write.
    guard faccessat(directory.number, ".", W_OK | X_OK, AT_EACCESS) == 0 else {
      throw SystemFailure("cannot write to \(path)", systemError: errno)
    }
  }

  deinit {
    // A child process that has yet to call exec holds a copy of the descriptor, and with it the lock.
    _ = flock(lock.number, LOCK_UN)
  }

  /// - Returns: `nil` if there is no such file.
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
      throw SystemFailure("\(name) is larger than any file of this directory can be")
    }
    return try file.readToEnd(expecting: size)
  }

  /// Replaces the file atomically. After a crash it has either the old content or the new.
  package func replace(_ name: String, with bytes: [UInt8]) throws(SystemFailure) {
    let temporary = name + ".tmp"
    do throws(SystemFailure) {
      // Removes what a killed daemon left, or a link planted by another user. O_EXCL then refuses a
      // file that somebody else has created.
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

  /// Creates a directory and its missing parents.
  private static func create(_ path: String) throws(SystemFailure) {
    guard !path.utf8.contains(0) else { throw SystemFailure("a path cannot contain NUL") }
    let bytes = Array(path.utf8)
    for end in bytes.indices.dropFirst() where bytes[end] == UInt8(ascii: "/") {
      mkdir(String(decoding: bytes[..<end], as: UTF8.self), 0o700)
    }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw SystemFailure("cannot create \(path)", systemError: errno)
    }
  }
}
