package import Following
import Glibc
package import Logging
import ReflexiveCore

/// The format of log lines.
package enum LogFormat: String, CaseIterable, Sendable {
  case logfmt, json
}

/// Writes one line per record to standard error, in logfmt or JSON.
///
/// Text from databases, file names and clients is quoted: it can neither end a line nor begin
/// another key.
package struct LineLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let format: LogFormat
  private let time: TimeSource
  private let write: @Sendable ([UInt8]) -> Void

  package init(
    format: LogFormat, level: Logger.Level, time: TimeSource = .system,
    write: @escaping @Sendable ([UInt8]) -> Void = LineLogHandler.writeToStandardError
  ) {
    self.format = format
    logLevel = level
    self.time = time
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = [
      ("ts", time.wall().calendarText), ("level", event.level.rawValue),
      ("msg", event.message.description),
    ]
    let metadata = self.metadata.merging(event.metadata ?? [:]) { _, event in event }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      fields.append((key, value.description))
    }
    if let error = event.error { fields.append(("cause", "\(error)")) }
    let line =
      switch format {
      case .logfmt:
        fields.map { "\($0)=\(Self.logfmtValue($1))" }.joined(separator: " ")
      case .json:
        "{" + fields.map { "\(Self.quoted($0)):\(Self.quoted($1))" }.joined(separator: ",") + "}"
      }
    write(Array((line + "\n").utf8))
  }

  private static func logfmtValue(_ value: String) -> String {
    let isPlain = value.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" && $0 != "=" && $0 != "\\"
    }
    return isPlain && !value.isEmpty ? value : quoted(value)
  }

  private static func quoted(_ text: String) -> String { "\"\(TextEscape.json.escape(text))\"" }

  /// Writes as much as fits. A full or closed pipe loses lines, but does not stop the daemon.
  package static func writeToStandardError(_ line: [UInt8]) {
    var offset = 0
    while offset < line.count {
      // Ready means room for a line of up to PIPE_BUF bytes (pipe(7)); longer lines go in pieces.
      var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
      guard poll(&descriptor, 1, 0) == 1, descriptor.revents & Int16(POLLOUT) != 0 else { return }
      let piece = line[offset...].prefix(Int(PIPE_BUF))
      let count = piece.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      offset += count
    }
  }
}
