import Glibc

/// From a path to the value that a file of YAML is.
package enum ConfigurationFile {
  /// Larger files are refused before they are parsed.
  package static let maximumBytes = 1 << 20

  /// Why a file cannot be read, in the system's words.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(systemError: Int32) { description = String(cString: strerror(systemError)) }
  }

  /// Reads a file, and of a longer one a little more than ``maximumBytes``. A relative path starts
  /// from the working directory.
  package static func read(_ file: String) throws(Failure) -> [UInt8] {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(systemError: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= maximumBytes {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(systemError: errno) }
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return bytes
  }

  /// - Parameter file: its path, for messages.
  /// - Returns: `nil` for a file without a value.
  package static func value(
    yaml bytes: [UInt8], file: String
  ) throws(ConfigurationError) -> ConfigurationValue? {
    guard bytes.count <= maximumBytes else {
      throw ConfigurationError(
        file: file, place: .start, problem: "larger than \(maximumBytes) bytes")
    }
    let document: YAMLDocument
    do {
      document = try YAMLDocument(bytes: bytes)
    } catch {
      throw ConfigurationError(
        file: file, place: error.place, problem: "not usable as YAML: \(error.problem)")
    }
    guard let root = document.root, !root.isNull else { return nil }
    return ConfigurationValue(node: root, key: "", file: file)
  }
}

extension ConfigurationError {
  package init(file: String, unreadable failure: ConfigurationFile.Failure) {
    self.init(source: escapedForOneLine(file), problem: "cannot be read: \(failure)")
  }
}
