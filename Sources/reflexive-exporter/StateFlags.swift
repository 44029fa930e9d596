import ArgumentParser
import Glibc
import Logging

/// The flag for the directory that keeps state across restarts.
struct StateFlags: ParsableArguments {
  @Option(
    name: .customLong("state.path"),
    help: ArgumentHelp(
      """
      Directory for state that is kept across restarts, or none. (default: $STATE_DIRECTORY, else \
      $XDG_STATE_HOME/reflexive-exporter, else ~/.local/state/reflexive-exporter)
      """, valueName: "directory"))
  var path: String?

  /// - Returns: `nil` if no state is wanted, or if there is no place for it, which is logged.
  func path(_ logger: Logger) throws -> String? {
    if let path = path ?? EnvironmentFlags.value(of: "state.path") {
      guard !path.isEmpty else {
        throw UsageError(
          message: "--state.path: \"\" is not allowed: expected a directory or none")
      }
      return path == "none" ? nil : path
    }
    guard let path = Self.standardPath else {
      logger.warning(
        "no state is kept: neither --state.path nor STATE_DIRECTORY, XDG_STATE_HOME or HOME is set")
      return nil
    }
    return path
  }

  /// The unit's directory from systemd (systemd.exec(5), `StateDirectory=`), else the user's directory
  /// by the XDG Base Directory Specification, which ignores relative paths.
  private static var standardPath: String? {
    if let list = variable("STATE_DIRECTORY") {
      return list.unicodeScalars.split(separator: ":").first.map { String($0) }
    }
    if let base = variable("XDG_STATE_HOME"), base.utf8.first == UInt8(ascii: "/") {
      return base + "/reflexive-exporter"
    }
    return variable("HOME").map { $0 + "/.local/state/reflexive-exporter" }
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
