import ArgumentParser
import EvidenceStore

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Creates an evidence database with the table that agents write to.")

  @Argument(
    help: ArgumentHelp(
      "The database file; one that has the table is left as it is.",
      valueName: "path"))
  var path: String

  func run() throws {
    try UsageError.expectPath(path, of: "path")
    do {
      try EvidenceWriter.createStore(at: path)
    } catch {
      throw FailedCommand(message: error.message)
    }
  }
}
