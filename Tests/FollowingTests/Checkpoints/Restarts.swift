import EvidenceStore
import Foundation
import LinuxSystem
import Logging
import ReflexiveCore
import Synchronization
import TestSupport

@testable import Following

/// One store that is followed by one daemon after another, all with the same state directory.
final class Restarts {
  let store: TemporaryStore
  let state: Folder
  let log = LogLines()
  var settings: FollowedStore.Settings
  /// What the clock shows.
  let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)

  init(store: TemporaryStore? = nil, settings: FollowedStore.Settings = .init()) throws {
    self.store = try store ?? TemporaryStore()
    state = try Folder()
    self.settings = settings
  }

  /// The directory as a daemon opens it.
  func open() throws -> StateDirectory { try StateDirectory(path: state.path) }

  /// A daemon that has read the store to its end.
  func follow(
    _ directory: StateDirectory? = nil, name: String = "s", path: String? = nil
  ) -> FollowedStore {
    let now = now
    let followed = FollowedStore(
      name: name, path: path ?? store.path, shownPath: "s.db", settings: settings,
      time: TimeSource(wall: { now }, monotonic: { ContinuousClock.now }),
      checkpoints: directory, logger: log.logger)
    while followed.tick() == .more {}
    return followed
  }

  /// Follows the store and writes a checkpoint.
  func followAndSave() throws { follow(try open()).saveCheckpoint() }

  /// The checkpoint files.
  var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: state.path)
        .filter { $0.hasSuffix(".checkpoint") }.map { state.path + "/" + $0 }.sorted()
    }
  }
}

extension FollowedStore {
  /// The served count of rows; `nil` while nothing is served.
  var countedRows: Int? {
    state.snapshot(at: UnixTime(seconds: 1_800_000_000, nanoseconds: 0)).evidence?.events
      .reduce(0) { $0 + $1.rows }
  }
}

/// A log that a test reads.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func contains(_ text: String) -> Bool { all.contains { $0.contains(text) } }

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  private struct Handler: LogHandler {
    let log: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let metadata = event.metadata ?? [:]
      log.lines.withLock { lines in
        lines.append("\(event.level) \(event.message) \(metadata)")
      }
    }
  }
}
