import LinuxSystem

/// A pattern in the notation of glob(7): `*`, `?`, `[…]` and backslashes, no `{}` and no `~`.
package struct GlobPattern: Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// The files that the pattern finds now: no directories, no dangling links, and none of the files
  /// that SQLite keeps beside a database. Matches are sorted.
  ///
  /// A file whose name is the pattern itself is found too, and comes last: `[old].db` also names a
  /// file `[old].db`. Directories that cannot be read are skipped.
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
    for match in GlobMatch.all(of: pattern) where isFile(match) {
      if let path = match.path { paths.append(path) } else { notUTF8.append(match.shown) }
    }
    return (paths, notUTF8)
  }

  private static func isFile(_ match: GlobMatch) -> Bool {
    match.shown.utf8.last != UInt8(ascii: "/")
      && PathBytes.database(besideWhich: match.shown) == nil
      && match.exists
  }
}

// MARK: - Directories

extension GlobPattern {
  /// The directories whose entries decide what the pattern finds, whether or not they exist;
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
    for end in parts.indices.dropFirst(first + 1) {
      for match in GlobMatch.all(of: root + parts[..<end].joined(separator: "/") + "/") {
        guard let path = match.path else { return nil }
        directories.append(path)
      }
    }
    return directories
  }
}
