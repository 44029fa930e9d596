package import LinuxSystem

/// Reads a YAML file into a value.
package enum ConfigurationFile {
  /// Larger files are refused before they are parsed.
  static let maximumBytes = 1 << 20

  package static let expectation =
    "a file that the exporter's user may read, of at most \(maximumBytes) bytes"

  /// Reads a whole file of at most ``maximumBytes``. A relative path starts from the working
  /// directory.
  package static func read(_ file: String) throws(SystemError) -> [UInt8] {
    let bytes = try FileContents.read(file, upTo: maximumBytes)
    guard bytes.count <= maximumBytes else { throw .fileTooLarge }
    return bytes
  }

  /// - Parameter file: its path, for messages.
  /// - Returns: `nil` for a file without a value.
  static func value(
    yaml bytes: [UInt8], file: String
  ) throws(ConfigurationError) -> ConfigurationValue? {
    guard bytes.count <= maximumBytes else {
      throw ConfigurationError(
        file: file, place: .start, value: "a file of more than \(maximumBytes) bytes",
        expected: "at most \(maximumBytes)")
    }
    let document: YAMLDocument
    do {
      document = try YAMLDocument(bytes: bytes)
    } catch {
      throw ConfigurationError(file: file, notYAML: error)
    }
    guard let root = document.root, !root.isNull else { return nil }
    return ConfigurationValue(node: root, key: "", file: file)
  }
}
