import ArgumentParser
import ConfigurationFiles
import EvidenceStore
import ExporterApp
import Following
import Glibc
import ReflexiveCore

struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Appends payloads from standard input to an evidence database.",
    discussion: """
      Reads one JSON object per line. Its "event" becomes the event column. Its "timestamp", or the \
      time of writing, becomes the time column. Refuses a line that the exporter would reject, reports \
      the line and the field, and exits with code 1 at the end. Appends all other lines.
      """)

  @Option(help: ArgumentHelp("The database; create it with `init`.", valueName: "path"))
  var store: String?

  @Option(
    name: .customLong("score-scale"),
    help: ArgumentHelp(
      "The divisor of every score of the store. (default: the configuration's, else 1)",
      valueName: "number"))
  var scoreScale: String?

  @Option(
    name: .customLong("config.file"),
    help: ArgumentHelp(
      """
      The configuration of the exporter, whose limits.payload_bytes and whose score_scale of the store \
      apply here, too.
      """, valueName: "file"))
  var configFile: String?

  func run() throws {
    guard let path = store ?? EnvironmentFlags.value(of: "store") else {
      throw UsageError(message: "no store: give --store PATH")
    }
    try UsageError.expectPath(path, of: "--store")
    let limits = try Limits(
      ofStore: path, file: configFile ?? EnvironmentFlags.value(of: "config.file"))
    let check = EvidenceValidator(
      scoreScale: try parsedScale() ?? limits.scoreScale, payloadLimit: limits.payloadBytes)
    var refused = 0
    do {
      let writer = try EvidenceWriter(path: path)
      var lines = LineReader(descriptor: STDIN_FILENO, limit: limits.payloadBytes)
      while let batch = try lines.next() {
        try append(batch, to: writer, by: check, refused: &refused)
      }
    } catch let error as StoreWriteError {
      throw FailedCommand(message: error.message)
    }
    if refused > 0 { throw FailedCommand(message: "lines refused: \(refused)") }
  }

  private func parsedScale() throws -> Double? {
    guard let text = scoreScale ?? EnvironmentFlags.value(of: "score-scale") else { return nil }
    guard let scale = NumberText.decimal(text), scale > 0 else {
      throw UsageError(
        message: "--score-scale: \(quoted(text)) is not allowed: expected a number above 0"
      )
    }
    return scale
  }

  private func append(
    _ lines: [LineReader.Line], to writer: EvidenceWriter, by check: EvidenceValidator,
    refused: inout Int
  ) throws {
    let now = TimeSource.system.wall()
    var rows: [NewEvidenceRow] = []
    for line in lines where !line.isBlank {
      do throws(EvidenceValidator.Fault) {
        let columns = try check.check(line.bytes, now: now)
        rows.append(
          NewEvidenceRow(
            event: columns.event, payload: String(decoding: line.bytes, as: UTF8.self),
            ts: (columns.time ?? now).calendarText))
      } catch {
        refused += 1
        LineLogHandler.writeToStandardError(Array("line \(line.number): \(error)\n".utf8))
      }
    }
    if !rows.isEmpty { try writer.append(rows) }
  }
}

/// The limits of the exporter that reads the store.
private struct Limits {
  var payloadBytes = ExporterConfiguration.Limits().payloadBytes
  var scoreScale = 1.0

  /// - Parameter file: the exporter's configuration, if there is one.
  init(ofStore path: String, file: String?) throws(ConfigurationError) {
    guard let file else { return }
    let configuration = try ExporterConfiguration.load(file: file)
    payloadBytes = configuration.limits.payloadBytes
    if let store = configuration.listedStore(at: path) {
      scoreScale = store.configuration.scoreScale
    }
  }
}
