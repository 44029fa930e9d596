import Glibc

/// Values from the environment, for flags that the command line leaves out.
enum EnvironmentFlags {
  /// `--web.listen-address` is `REFLEXIVE_EXPORTER_WEB_LISTEN_ADDRESS`.
  static func name(of flag: String) -> String {
    let scalars = flag.unicodeScalars.map { $0 == "." || $0 == "-" ? "_" : String($0) }
    return "REFLEXIVE_EXPORTER_" + scalars.joined().uppercased()
  }

  /// - Returns: `nil` if the variable is unset or empty.
  static func value(of flag: String) -> String? {
    guard let value = getenv(name(of: flag)), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// One value per line.
  static func values(of flag: String) -> [String] {
    (value(of: flag) ?? "").split(separator: "\n").map(String.init)
  }
}
