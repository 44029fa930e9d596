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
    var result = glob_t()
    defer { globfree(&result) }
    // What was found before memory ran out is there, whatever the return code says.
    _ = glob(pattern, GLOB_MARK, nil, &result)
    var paths: [String] = []
    var notUTF8: [String] = []
    for index in 0..<Int(clamping: result.gl_pathc) {
      guard let match = result.gl_pathv?[index], isFile(match) else { continue }
      if let path = String(validatingCString: match) {
        paths.append(path)
      } else {
        notUTF8.append(String(cString: match))
      }
    }
    return (paths, notUTF8)
  }

  /// - Parameter match: with the slash at the end that `GLOB_MARK` gives a directory.
  private static func isFile(_ match: UnsafePointer<CChar>) -> Bool {
    let name = String(cString: match)
    return !["/", "-wal", "-shm", "-journal"].contains { name.hasSuffix($0) }
      && access(match, F_OK) == 0
  }
}
