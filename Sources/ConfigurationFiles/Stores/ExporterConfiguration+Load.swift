import LinuxSystem

extension ExporterConfiguration {
  /// Reads and parses a file. A relative path starts from the working directory.
  package static func load(file: String) throws(ConfigurationError) -> ExporterConfiguration {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try ConfigurationFile.read(file)
    } catch {
      throw ConfigurationError(file: file, unreadable: error)
    }
    return try parse(yaml: bytes, file: file)
  }
}
