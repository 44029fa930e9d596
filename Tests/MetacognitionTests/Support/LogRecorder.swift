import Logging
import Synchronization

/// Keeps every line that is logged, from trace on.
final class LogRecorder: Sendable {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }
  var text: String { lines.joined(separator: "\n") }

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  fileprivate func keep(_ line: String) { kept.withLock { $0.append(line) } }
}

private struct Handler: LogHandler {
  let log: LogRecorder
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
    let fields = metadata.map { "\($0)=\($1)" }.sorted().joined(separator: " ")
    log.keep("\(event.level) \(event.message) \(fields)")
  }
}
