/// The path of a store's file or, if it has one of `*`, `?` and `[`, a glob.
///
/// A backslash before one of `*`, `?`, `[`, `]` and `\` makes it an ordinary character. Any other
/// backslash is an ordinary character itself.
struct StorePath: Equatable, Sendable {
  /// A path ready to open or, for a glob, a pattern ready for glob(3); without `//` and `/./`.
  let pattern: String
  let isGlob: Bool
  /// As written in the configuration.
  let written: String

  static let expectation =
    "the path of a database file, or a glob such as /data/*.db, and no URI"

  /// - Parameter directory: the start of a relative path; empty is the working directory.
  /// - Returns: `nil` if `written` can name no file.
  init?(_ written: String, relativeTo directory: String = "") {
    let parts = Self.parts(of: written)
    guard let file = parts.last, ![".", ".."].contains(file),
      written.utf8.last != UInt8(ascii: "/"), !written.utf8.contains(0), !Self.isURI(written)
    else { return nil }

    let base = Self.isAbsolute(written) ? "/" : directory
    let isGlob = parts.contains { Self.hasWildcard($0) }
    let spelled =
      Self.parts(of: base).map(isGlob ? Self.escaping : { $0 })
      + parts.map(isGlob ? Self.globSpelling : Self.unescaped)
    self.isGlob = isGlob
    self.written = written
    pattern =
      (Self.isAbsolute(base) ? "/" : "") + spelled.filter { $0 != "." }.joined(separator: "/")
  }

  /// Whether `written` begins like a URI of SQLite, or like a URL. As a path it would name a file
  /// that nobody has, and its `?` would make it a glob that finds nothing. `./file:a.db` is a path.
  static func isURI(_ written: String) -> Bool {
    let scheme = written.utf8.prefix { $0 != UInt8(ascii: ":") }
    let rest = written.utf8.dropFirst(scheme.count)
    guard let first = scheme.first, isLetter(first), scheme.allSatisfy(isSchemeByte) else {
      return false
    }
    return rest.starts(with: "://".utf8)
      || !rest.isEmpty && scheme.map { $0 | 0x20 }.elementsEqual("file".utf8)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// A byte of a scheme, by RFC 3986, section 3.1.
  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || "+-.".utf8.contains(byte)
  }

  /// Returns `conf` for `conf/exporter.yml`, and an empty text for `exporter.yml`.
  static func directory(ofFile file: String) -> String {
    let directory = parts(of: file).dropLast().joined(separator: "/")
    return isAbsolute(file) ? "/" + directory : directory
  }

  /// Resolves `path` in the directory of `file`, unless it is absolute.
  static func path(_ path: String, besideFile file: String) -> String {
    let directory = isAbsolute(path) ? "" : directory(ofFile: file)
    return directory.isEmpty ? path : "\(directory)/\(path)"
  }

  /// The parts between the slashes. Splits by scalars: a slash and a combining mark after it are
  /// one `Character`.
  static func parts(of path: String) -> [String] {
    path.unicodeScalars.split(separator: "/").map { String($0) }
  }

  /// Whether a part of a path has a `*`, `?` or `[` without a backslash before it.
  static func hasWildcard(_ part: String) -> Bool {
    marks(of: part).contains { !$0.isEscaped && "*?[".unicodeScalars.contains($0.scalar) }
  }

  private static func isAbsolute(_ path: String) -> Bool {
    path.utf8.first == UInt8(ascii: "/")
  }
}

// MARK: - Backslashes

extension StorePath {
  private static let special = "*?[]\\".unicodeScalars

  private struct Mark {
    var scalar: Unicode.Scalar
    var isEscaped: Bool
  }

  private static func marks(of part: String) -> [Mark] {
    var marks: [Mark] = []
    var rest = part.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\\", let next = rest.first, special.contains(next) {
        rest.removeFirst()
        marks.append(Mark(scalar: next, isEscaped: true))
      } else {
        marks.append(Mark(scalar: scalar, isEscaped: false))
      }
    }
    return marks
  }

  /// The path without the backslashes that escape a character.
  static func unescaped(_ part: String) -> String {
    marks(of: part).map { String($0.scalar) }.joined()
  }

  /// The spelling for glob(3), which takes every backslash for an escape: ordinary ones are
  /// doubled.
  private static func globSpelling(_ part: String) -> String {
    marks(of: part).map { $0.isEscaped || $0.scalar == "\\" ? "\\\($0.scalar)" : "\($0.scalar)" }
      .joined()
  }

  /// The pattern that matches `part` and nothing else.
  static func escaping(_ part: String) -> String {
    part.unicodeScalars.map { special.contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }
}
