import Glibc

extension ExporterConfiguration {
  /// Reads and parses a file. A relative path starts from the working directory.
  package static func load(file: String) throws(ConfigurationError) -> ExporterConfiguration {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(file) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= maximumFileBytes {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(file) }
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return try parse(yaml: bytes, file: file)
  }

  private static func unreadable(_ file: String) -> ConfigurationError {
    let why = String(cString: strerror(errno))
    return ConfigurationError(source: escapedForOneLine(file), problem: "cannot be read: \(why)")
  }
}
