/// The address of a table of evidence in a PostgreSQL database. It holds no password.
package struct PostgresAddress: Hashable, Sendable {
  /// The servers, separated by commas, or the directory of a socket; `nil` leaves it to libpq.
  package var host: String?
  package var port: Int?
  package var database: String?
  package var user: String?
  /// A section of libpq's `pg_service.conf`.
  package var service: String?
  /// The file that holds the password, which is read at every connection.
  package var passwordFile: String?
  package var table = TableName(schema: "public", name: "evidence")
  package var tls = TLS()
  package var session = Session.any
  /// Seconds between two polls.
  package var pollInterval = 0.05
  /// The most seconds that a row waits for a row with a lower id.
  package var orderWait = 1.0
  /// The most seconds that a connection may take.
  package var connectTimeout = 5.0

  package init() {}

  /// The mode of libpq's `sslmode`, and the files of certificates and keys.
  package struct TLS: Hashable, Sendable {
    package enum Mode: String, CaseIterable, Sendable {
      case disable, allow, prefer, require
      case verifyCA = "verify-ca"
      case verifyFull = "verify-full"
    }

    package var mode: Mode?
    package var rootCertificate: String?
    package var certificate: String?
    package var key: String?

    package init() {}
  }

  /// The kind of server to read: libpq's `target_session_attrs`.
  package enum Session: String, CaseIterable, Sendable {
    case any
    case primary
    case preferStandby = "prefer-standby"
  }

  /// The TLS mode in force. A server on another machine has to prove its identity. `nil` leaves the
  /// mode to the service or to libpq.
  package var tlsMode: TLS.Mode? {
    if let mode = tls.mode { return mode }
    guard let host, service == nil else { return nil }
    return Self.parts(host).allSatisfy(Self.isOfThisMachine) ? nil : .verifyFull
  }

  private static func isOfThisMachine(_ host: String) -> Bool {
    host.utf8.first == UInt8(ascii: "/") || host.utf8.first == UInt8(ascii: "@")
      || ["localhost", "127.0.0.1", "::1"].contains(host)
  }

  /// The hosts of a list.
  package static func parts(_ list: String) -> [String] {
    list.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
  }

  /// The label `path`, and the name in messages, without user and password.
  package var url: String {
    let place = Self.encoded(table.description, keeping: ".\"")
    if let service { return "postgresql:///\(place)?service=\(Self.encoded(service, keeping: ""))" }
    let hosts = Self.encoded(host ?? "", keeping: ",:")
    let port = self.port.map { ":\($0)" } ?? (host == nil ? "" : ":5432")
    return "postgresql://\(hosts)\(port)/\(Self.encoded(database ?? "", keeping: ""))/\(place)"
  }

  private static func encoded(_ text: String, keeping kept: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar)
        || kept.unicodeScalars.contains(scalar)
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}
