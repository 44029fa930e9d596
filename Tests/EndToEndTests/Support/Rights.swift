import Foundation
import Testing

/// What a test needs to take rights away from the exporter.
enum Rights {
  static let isRoot: Bool = geteuid() == 0
  static let reason: Comment = "only root can become another user and mount file systems"

  /// The command that runs the exporter as another user, without any privilege.
  static func user(_ user: Int, group: Int) -> [String] {
    [
      "setpriv", "--reuid", "\(user)", "--regid", "\(group)", "--clear-groups", "--no-new-privs",
      "--bounding-set=-all", "--inh-caps=-all", Paths.exporter,
    ]
  }
}
