import CLinux

/// What file events tell of the files of one store.
package enum FileEvents: Comparable, Sendable {
  /// Nothing.
  case absent
  /// Much, but a write may go unannounced: of another host, or under another name of the file.
  case partial
  /// Every write to the files, and whatever takes their place in their directory. What they do not
  /// tell of is a directory further up that is replaced.
  case complete

  /// What a watch on `directory` tells of `file`, which may be missing.
  ///
  /// Events are raised in the directory that the writer's name of the file is in. So a file with
  /// several names, or mounted into the directory by itself, may be written to unnoticed.
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

  /// Whether `directory` is on a file system that only this host writes to, as far as is known: on
  /// others the writes of other hosts raise no event.
  package static func isLocal(_ directory: String) -> Bool {
    localFileSystems.contains(linux_file_system_type(directory))
  }

  /// `f_type` of statfs(2): ext2 to ext4, XFS, Btrfs, tmpfs, overlayfs, F2FS, ZFS, bcachefs.
  private static let localFileSystems: Set<Int64> = [
    0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0xf2f5_2010, 0x2fc1_2fc1,
    0xca45_1a4e,
  ]
}
