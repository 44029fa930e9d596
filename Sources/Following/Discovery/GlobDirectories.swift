import ConfigurationFiles
import LinuxSystem
import ReflexiveCore

/// The directories that globs search, at one moment. While they do not change, the globs find the
/// same files.
struct GlobDirectories: Sendable {
  private struct Directory {
    var path: String
    /// `nil` if there is no such directory.
    var status: FileStatus?
  }

  private let directories: [Directory]
  private let canTell: Bool

  /// Reads the state of the directories. Call it before the globs are expanded.
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

  /// Whether the globs would find the same files now. It misses a link whose target has appeared.
  var areUnchanged: Bool {
    canTell && directories.allSatisfy { (try? FileStatus(of: $0.path)) == $0.status }
  }

  /// Whether the next change will be visible. A change in the same tick of the kernel's clock as
  /// the last one is not.
  private static func isSettled(_ status: FileStatus, now: UnixTime) -> Bool {
    now.since(UnixTime(seconds: 0, nanoseconds: status.changed)) > 0.2
  }
}
