import Foundation

/// A directory of its own. It is removed with this object.
package final class Folder: Sendable {
  package let path: String

  package init() throws {
    let name = "reflexive-configuration-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and creates the directories above it. Returns its path.
  @discardableResult
  package func make(_ name: String, _ content: String = "") throws -> String {
    let file = "\(path)/\(name)"
    let directory = file[..<(file.utf8.lastIndex(of: UInt8(ascii: "/")) ?? file.endIndex)]
    try FileManager.default.createDirectory(
      atPath: String(directory), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}
