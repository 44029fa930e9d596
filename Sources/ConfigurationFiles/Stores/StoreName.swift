/// The label `store` of a database.
package enum StoreName {
  static let expectation = "1 to 256 bytes of UTF-8 without control characters"

  static func isValid(_ name: String) -> Bool {
    (1...256).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  /// The file name without its last extension: `/data/a.b.db` is `a.b`.
  package static func derive(path: String) -> String {
    withoutExtension(StorePath.parts(of: path).suffix(1))
  }

  /// The path below the directories that the glob spells out, without the extension:
  /// `/data/team-a/evidence.db`, found by `/data/*/evidence.db`, is `team-a/evidence`.
  ///
  /// - Parameter path: a path that ``GlobPattern/expand()`` returned for `pattern`.
  static func derive(path: String, glob pattern: String) -> String {
    let spelledOut = StorePath.parts(of: pattern).prefix { !StorePath.hasWildcard($0) }.count
    let parts = StorePath.parts(of: path)
    return withoutExtension(parts.dropFirst(min(spelledOut, parts.count - 1)))
  }

  private static func withoutExtension(_ parts: ArraySlice<String>) -> String {
    guard let file = parts.last?.unicodeScalars else { return "" }
    // A leading dot hides the file; it does not start an extension.
    let dot = file.lastIndex(of: ".").flatMap { $0 > file.startIndex ? $0 : nil }
    return (parts.dropLast() + [String(file[..<(dot ?? file.endIndex)])]).joined(separator: "/")
  }
}
