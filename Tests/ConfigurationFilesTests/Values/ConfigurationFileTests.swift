import TestSupport
import Testing

@testable import ConfigurationFiles

struct ConfigurationFileTests {
  @Test func aFileIsReadWhole() throws {
    let folder = try Folder()
    let comment = "# \(String(repeating: "x", count: 200_000))\n"
    let file = try folder.make("e.yml", "\(comment)stores: [{ path: a.db }]\n")
    let configuration = try ExporterConfiguration.load(file: file)
    #expect(configuration.stores.map(\.pattern) == ["\(folder.path)/a.db"])
  }

  @Test func aFileThatCannotBeReadIsNamed() throws {
    let folder = try Folder()
    let expected = "expected a file that the exporter's user may read, of at most 1048576 bytes"
    func message(_ file: String) -> String? {
      #expect(throws: ConfigurationError.self) { try ExporterConfiguration.load(file: file) }?
        .description
    }
    #expect(
      message("\(folder.path)/none.yml")
        == "\(folder.path)/none.yml: cannot be read: No such file or directory: \(expected)")
    #expect(message(folder.path) == "\(folder.path): cannot be read: Is a directory: \(expected)")
    #expect(
      message("/dev/zero")
        == "/dev/zero: cannot be read: File too large: \(expected)"
    )
  }
}
