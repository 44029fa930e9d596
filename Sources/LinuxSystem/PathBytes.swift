/// Paths and names of files, cut and compared by bytes as the kernel does.
///
/// A `Character` is no unit of a path. To Swift, a slash is not a slash if a combining mark follows
/// it, or a character of Unicode's class Prepend precedes it.
package enum PathBytes {
  private static let slash = UInt8(ascii: "/")

  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  /// The directory of a file, which is `.` if the path names none, and the name of the file in it.
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
