import Glibc

/// Values from the environment, for flags that the command line leaves out.
enum EnvironmentFlags {
  /// Returns `REFLEXIVE_EXPORTER_WEB_LISTEN_ADDRESS` for `--web.listen-address`.
  static func name(of flag: String) -> String {
    let scalars = flag.unicodeScalars.map { $0 == "." || $0 == "-" ? "_" : String($0) }
    return "REFLEXIVE_EXPORTER_" + scalars.joined().uppercased()
  }

  /// - Returns: `nil` if the variable is unset or empty.
  static func value(of flag: String) -> String? {
    guard let value = getenv(name(of: flag)), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The values of a flag, one per line. Lines end with LF or CRLF.
  static func values(of flag: String) -> [String] {
    (value(of: flag) ?? "").utf8.split(separator: UInt8(ascii: "\n"))
      .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
      .filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
  }
}
