import Glibc

/// A path that glob(3) finds. A directory has a slash at its end.
package struct GlobMatch: Sendable {
  /// With a NUL at the end.
  private let bytes: [CChar]

  /// The paths that match `pattern` now, sorted. Directories that cannot be read are skipped.
  package static func all(of pattern: String) -> [GlobMatch] {
    var result = glob_t()
    defer { globfree(&result) }
    // If memory runs out, the matches found before are still in `result`.
    _ = glob(pattern, GLOB_MARK, nil, &result)
    return (0..<Int(clamping: result.gl_pathc)).compactMap { index in
      guard let path = result.gl_pathv?[index] else { return nil }
      return GlobMatch(
        bytes: Array(UnsafeBufferPointer(start: path, count: strlen(path) + 1)))
    }
  }

  /// `nil` if the path is not UTF-8.
  package var path: String? {
    String(validating: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The path, with U+FFFD in place of what is not UTF-8.
  package var shown: String {
    String(decoding: bytes.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Whether the path leads to a file. A link may lead nowhere.
  package var exists: Bool { access(bytes, F_OK) == 0 }
}
