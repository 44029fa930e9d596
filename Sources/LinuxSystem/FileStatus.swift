import CLinux
import Glibc

/// Which file it is, whatever its name: the same after a rename, another after a replacement.
package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  /// File systems hand out the number of a deleted file again, hence the time of birth beside it.
  package var inode: UInt64
  /// Nanoseconds since 1970, or `nil` where the file system does not keep it.
  package var birth: Int64?

  package init(device: UInt64, inode: UInt64, birth: Int64?) {
    self.device = device
    self.inode = inode
    self.birth = birth
  }
}

/// What the file system says of a file.
package struct FileStatus: Hashable, Sendable {
  package var identity: FileIdentity
  package var isRegular: Bool
  package var owner: UInt32
  /// Bytes.
  package var size: Int64
  /// How many names it has.
  package var links: UInt32
  /// The mount that the path led to; `nil` where the kernel does not tell (Linux before 5.8).
  package var mount: UInt64?
  /// Nanoseconds since 1970: set by every write, by nobody at will. Its grain may be as coarse as
  /// a tick of the kernel, 1 to 10 ms.
  package var changed: Int64
  /// Nanoseconds since 1970: set by every write to the content, and by `utimes`.
  package var modified: Int64

  /// `errno` of the call that failed.
  package struct Failure: Error {
    package var systemError: Int32
  }

  /// Follows symbolic links.
  package init(of path: String) throws(Failure) {
    var status = linux_file_status()
    guard linux_file_status(path, &status) == 0 else { throw Failure(systemError: errno) }
    identity = FileIdentity(
      device: status.device, inode: status.inode, birth: status.has_birth ? status.birth : nil)
    isRegular = status.is_regular
    owner = status.owner
    size = status.size
    links = status.links
    mount = status.has_mount ? status.mount : nil
    changed = status.changed
    modified = status.modified
  }
}
