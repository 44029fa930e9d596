import Testing

@testable import ConfigurationFiles

/// The configuration in a file `exporter.yml` with this text.
func configuration(_ yaml: String) throws -> ExporterConfiguration {
  try ExporterConfiguration.parse(yaml: Array(yaml.utf8), file: "exporter.yml")
}

/// The message about a file `exporter.yml` with this text.
func message(_ yaml: String) -> String {
  message(yaml: Array(yaml.utf8))
}

func message(yaml bytes: [UInt8], file: String = "exporter.yml") -> String {
  do {
    _ = try ExporterConfiguration.parse(yaml: bytes, file: file)
    return "no error"
  } catch {
    return error.description
  }
}
