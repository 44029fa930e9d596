import CLinux
import Glibc

/// Identifies a file. It stays the same after a rename, and differs after a replacement.
package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  /// File systems reuse the inode number of a deleted file. ``birth`` tells the two apart.
  package var inode: UInt64
  /// Nanoseconds since 1970; `nil` if the file system does not keep it.
  package var birth: Int64?

  package init(device: UInt64, inode: UInt64, birth: Int64?) {
    self.device = device
    self.inode = inode
    self.birth = birth
  }
}

/// The attributes of a file.
package struct FileStatus: Hashable, Sendable {
  package var identity: FileIdentity
  package var isRegular: Bool
  package var owner: UInt32
  /// In bytes.
  package var size: Int64
  /// The number of hard links.
  package var links: UInt32
  /// The mount that the path leads to; `nil` if the kernel does not say (Linux before 5.8).
  package var mount: UInt64?
  /// The change time (`ctime`), nanoseconds since 1970. Every write sets it, and no program can set
  /// it to a time of its choice. It may be as coarse as a tick of the kernel, 1 to 10 ms.
  package var changed: Int64
  /// The modification time (`mtime`), nanoseconds since 1970. Writes to the content and `utimes`
  /// set it.
  package var modified: Int64

  /// `errno` of the call that failed.
  package struct Failure: Error {
    package var systemError: Int32
  }

  /// Whether there is no file at `path`, as far as this process can see.
  package static func isMissing(_ path: String) -> Bool {
    do throws(Failure) {
      _ = try FileStatus(of: path)
      return false
    } catch {
      return error.systemError == ENOENT || error.systemError == ENOTDIR
    }
  }

  /// Reads the attributes of a file, following symbolic links.
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
