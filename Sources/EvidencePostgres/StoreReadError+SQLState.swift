import EvidenceStore

extension StoreReadError {
  /// What the server answered: no more than the code and the first line of the message, because
  /// what follows may be the content of a row.
  init(sqlState: String?, message: String, at url: String) {
    let code = sqlState.map { " (SQLSTATE \($0))" } ?? ""
    self.init(Kind(sqlState: sqlState), "\(url): \(Self.firstLine(message))\(code)")
    self.sqlState = sqlState
  }

  static func firstLine(_ text: String) -> String {
    String(text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" })
  }
}

extension StoreReadError.Kind {
  /// Source: PostgreSQL Documentation, appendix A, "PostgreSQL Error Codes".
  init(sqlState: String?) {
    guard let sqlState else {
      self = .io
      return
    }
    switch sqlState {
    case "3D000": self = .missing
    case "42501": self = .permission
    case "42P01", "42703", "42804", "0A000", "42883", "42704", "3F000": self = .schema
    case "55P03", "57014", "40001", "40P01": self = .locked
    case "57P03": self = .recovery
    case "XX001", "XX002": self = .corrupt
    default: self = sqlState.utf8.starts(with: "28".utf8) ? .permission : .io
    }
  }
}

/// The SQLSTATE at the start of a message of libpq in verbose form: `FATAL:  28P01: …`. The word
/// before it depends on the language.
func sqlState(in message: String) -> String? {
  let bytes = Array(message.utf8)
  guard bytes.count >= 9 else { return nil }
  for start in 0...bytes.count - 9
  where bytes[start] == UInt8(ascii: ":") && bytes[start + 1] == UInt8(ascii: " ")
    && bytes[start + 2] == UInt8(ascii: " ") && bytes[start + 8] == UInt8(ascii: ":")
  {
    let code = bytes[start + 3..<start + 8]
    if code.allSatisfy(isOfSQLState) { return String(decoding: code, as: UTF8.self) }
  }
  return nil
}

private func isOfSQLState(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}
