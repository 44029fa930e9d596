import Glibc

/// A pattern in the notation of glob(7): `*`, `?`, `[…]` and backslashes, no `{}` and no `~`.
package struct GlobPattern: Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// The files that the pattern finds now, sorted: no directories, no links to nothing, and none
  /// that SQLite keeps beside a database.
  ///
  /// A file whose name is the pattern itself is found too: `[old].db` also names a file `[old].db`.
  /// Directories that cannot be read are passed over.
  ///
  /// - Returns: the paths, and those left out because they are not UTF-8, with U+FFFD in place of
  ///   what is not.
  package func expand() -> (paths: [String], notUTF8: [String]) {
    var (paths, notUTF8) = Self.matches(of: text)
    for path in Self.matches(of: StorePath.escaping(StorePath.unescaped(text))).paths
    where !paths.contains(where: { $0.utf8.elementsEqual(path.utf8) }) {
      paths.append(path)
    }
    return (paths, notUTF8)
  }

  private static func matches(of pattern: String) -> (paths: [String], notUTF8: [String]) {
    var paths: [String] = []
    var notUTF8: [String] = []
    forEachMatch(of: pattern) { match in
      guard isFile(match) else { return }
      if let path = String(validatingCString: match) {
        paths.append(path)
      } else {
        notUTF8.append(String(cString: match))
      }
    }
    return (paths, notUTF8)
  }

  private static func forEachMatch(
    of pattern: String, _ body: (UnsafePointer<CChar>) -> Void
  ) {
    var result = glob_t()
    defer { globfree(&result) }
    // What was found before memory ran out is there, whatever the return code says.
    _ = glob(pattern, GLOB_MARK, nil, &result)
    for index in 0..<Int(clamping: result.gl_pathc) {
      if let match = result.gl_pathv?[index] { body(match) }
    }
  }

  /// - Parameter match: with the slash at the end that `GLOB_MARK` gives a directory.
  private static func isFile(_ match: UnsafePointer<CChar>) -> Bool {
    let name = String(cString: match)
    return !["/", "-wal", "-shm", "-journal"].contains { name.hasSuffix($0) }
      && access(match, F_OK) == 0
  }
}

// MARK: - Where it looks

extension GlobPattern {
  /// The directories whose entries decide what the pattern finds, whether or not they are there;
  /// `nil` if one is not UTF-8.
  package var directories: [String]? {
    let literal = StorePath.escaping(StorePath.unescaped(text))
    guard let matching = Self.directories(of: text), let exact = Self.directories(of: literal)
    else { return nil }
    return matching + exact
  }

  private static func directories(of pattern: String) -> [String]? {
    let parts = StorePath.parts(of: pattern)
    let root = pattern.utf8.first == UInt8(ascii: "/") ? "/" : "./"
    let first = parts.firstIndex(where: StorePath.hasWildcard) ?? max(parts.count - 1, 0)
    var directories = [root + StorePath.unescaped(parts[..<first].joined(separator: "/"))]
    var isUTF8 = true
    for end in parts.indices.dropFirst(first + 1) {
      forEachMatch(of: root + parts[..<end].joined(separator: "/") + "/") { match in
        guard let path = String(validatingCString: match) else { return isUTF8 = false }
        directories.append(path)
      }
    }
    return isUTF8 ? directories : nil
  }
}
