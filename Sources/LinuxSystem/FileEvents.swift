import CLinux

/// The writes to the files of one store that raise file events (inotify).
package enum FileEvents: Comparable, Sendable {
  /// No write.
  case absent
  /// Most writes, but not those by another host or under another name of the file.
  case partial
  /// Every write to the files, and every replacement of one in its directory. The replacement of a
  /// directory further up raises no event.
  case complete

  /// Which writes to `file`, which may be missing, raise events in a watch on `directory`.
  ///
  /// An event is raised in the directory of the name that the writer uses. So a watch may miss
  /// writes to a file that has several names or is a mount point.
  package init(of file: String, watchedIn directory: String) {
    let parent = file.unicodeScalars.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
    guard Self.isLocal(directory), Self.isLocal(parent),
      let status = try? FileStatus(of: file), let mount = status.mount, status.links == 1,
      (try? FileStatus(of: parent))?.mount == mount
    else {
      self = .partial
      return
    }
    self = .complete
  }

  /// Whether the file system of `directory` is known to be local. On other file systems, writes by
  /// other hosts raise no event.
  package static func isLocal(_ directory: String) -> Bool {
    localFileSystems.contains(linux_file_system_type(directory))
  }

  /// `f_type` of statfs(2): ext2 to ext4, XFS, Btrfs, tmpfs, overlayfs, F2FS, ZFS, bcachefs.
  private static let localFileSystems: Set<Int64> = [
    0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0xf2f5_2010, 0x2fc1_2fc1,
    0xca45_1a4e,
  ]
}
