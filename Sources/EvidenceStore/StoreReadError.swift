import ReflexiveCore

/// The reason why a pass over a store failed.
package struct StoreReadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The raw value is the label value of `reflexive_store_read_errors_total`.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// There is no file at the path.
    case missing
    /// Another process is writing, or holds an exclusive lock. This passes.
    case locked
    /// The file is not a database, or a page of it is damaged.
    case corrupt
    /// There is no table `evidence`, it lacks a column, or this SQLite cannot read its definition.
    case schema
    /// This user may not read the files.
    case permission
    /// A writer died. The database waits for the next writer to roll back or recover.
    case recovery
    /// The disk, the file system or the limits of this process.
    case io
  }

  package var kind: Kind
  /// One line: the path, what was found there, and what to do about it.
  package var message: String
  /// The SQLSTATE of a server's error.
  package var sqlState: String?

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = Self.oneLine(message)
  }

  package var description: String { "\(kind.rawValue): \(message)" }

  /// Escapes control characters: anybody may choose the names inside a database, and they go to the
  /// log.
  private static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      if TextEscape.isHidden(scalar) {
        line += scalar.escaped(asASCII: true)
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}
