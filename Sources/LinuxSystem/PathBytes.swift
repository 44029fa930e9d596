/// Paths and names of files, cut and compared by bytes as the kernel does.
///
/// A `Character` is no unit of a path: a slash with a combining mark after it, or with one of the
/// characters of Unicode's class Prepend before it, is no slash to Swift.
package enum PathBytes {
  private static let slash = UInt8(ascii: "/")

  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  /// The directory of a file, `.` where the path names none, and its name there.
  package static func split(_ path: String) -> (directory: String, name: String) {
    guard let last = path.utf8.lastIndex(of: slash) else { return (".", path) }
    let directory = last == path.startIndex ? "/" : String(path[..<last])
    return (directory, String(path[path.utf8.index(after: last)...]))
  }

  package static func hasSuffix(_ text: String, _ suffix: String) -> Bool {
    text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  /// The database that SQLite keeps a file beside: `a.db` for `a.db-wal`.
  ///
  /// - Returns: `nil` for any other file.
  package static func database(besideWhich file: String) -> String? {
    guard let suffix = ["-wal", "-journal", "-shm"].first(where: { hasSuffix(file, $0) }) else {
      return nil
    }
    return String(decoding: file.utf8.dropLast(suffix.utf8.count), as: UTF8.self)
  }
}
