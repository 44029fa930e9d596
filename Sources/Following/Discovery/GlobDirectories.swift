import ConfigurationFiles
import LinuxSystem
import ReflexiveCore

/// The directories that globs look into, as they stand at one moment: while they stay so, the globs
/// find the same files.
struct GlobDirectories: Sendable {
  private struct Directory {
    var path: String
    /// `nil` where there is none.
    var status: FileStatus?
  }

  private let directories: [Directory]
  private let canTell: Bool

  /// Looks at the directories; to be called before the globs are expanded.
  init(of globs: [GlobPattern], now: UnixTime) {
    let paths = globs.map(\.directories)
    let directories = paths.compactMap(\.self).joined().map { path in
      Directory(path: path, status: try? FileStatus(of: path))
    }
    self.directories = directories
    canTell =
      !paths.contains(nil)
      && directories.allSatisfy { directory in
        guard let status = directory.status else { return true }
        return FileEvents.isLocal(directory.path) && Self.isSettled(status, now: now)
      }
  }

  /// Whether the same files would be found now, but for a link whose target has come to be.
  var areUnchanged: Bool {
    canTell && directories.allSatisfy { (try? FileStatus(of: $0.path)) == $0.status }
  }

  /// Whether a change to come will show: it does not within the tick of the kernel's clock in which
  /// the last one came.
  private static func isSettled(_ status: FileStatus, now: UnixTime) -> Bool {
    now.since(UnixTime(seconds: 0, nanoseconds: status.changed)) > 0.2
  }
}
