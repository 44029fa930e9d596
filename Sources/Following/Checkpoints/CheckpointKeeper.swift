import EvidenceStore
import Glibc
import LinuxSystem
import Logging
import RowIndex
import Synchronization

/// Keeps the checkpoint of one store: reads it at the start, decides when it is due, and writes it.
///
/// A failure is logged once. It only means that a restart counts the rows again.
final class CheckpointKeeper: Sendable {
  private struct State {
    /// Whether something was counted that is not in the file.
    var isStale = false
    var dueAt: ContinuousClock.Instant?
    /// Whether all rows have been read since the start or the last reset.
    var isCaughtUp = false
    var isFailing = false
  }

  /// How long a change may wait.
  private static let interval: Duration = .seconds(30)
  /// The average rate of writing, so that a large checkpoint is written less often.
  private static let bytesPerSecond = 64 << 10

  private let directory: StateDirectory
  private let subject: StoreCheckpoint.Subject
  private let now: @Sendable () -> ContinuousClock.Instant
  private let logger: Logger
  private let state = Mutex(State())

  init(
    _ directory: StateDirectory, name: String, path: String, time: TimeSource, logger: Logger
  ) {
    self.directory = directory
    subject = StoreCheckpoint.Subject(name: name, path: Self.absolute(path))
    now = time.monotonic
    self.logger = logger
  }

  /// The usable parts of a checkpoint file.
  struct Loaded {
    /// `nil` if there is no usable checkpoint. The log says why.
    var checkpoint: StoreCheckpoint?
    var greatestID: Int64?
  }

  /// Makes the index of the store's rows.
  func makeIndex(blockRows: Int) -> RowIndex {
    RowIndex(directory, fileName: subject.indexName, blockRows: blockRows)
  }

  /// Reads the checkpoint that the previous process left.
  func load(_ settings: FollowedStore.Settings) -> Loaded {
    var loaded = Loaded()
    let refusal: CheckpointRefusal
    do throws(SystemFailure) {
      guard let bytes = try directory.read(subject.fileName) else { return loaded }
      loaded.greatestID = StoreCheckpoint.greatestID(in: bytes, for: subject)
      switch StoreCheckpoint.decode(bytes, for: subject, settings) {
      case .success(let checkpoint):
        loaded.checkpoint = checkpoint
        return loaded
      case .failure(let found): refusal = found
      }
    } catch {
      refusal = .unreadable(error.description)
    }
    logger.warning(
      "the checkpoint is not used; counting the evidence again",
      metadata: ["reason": .string(refusal.reason), "file": .string(subject.fileName)])
    return loaded
  }

  /// Records whether a pass changed anything.
  func note(_ pass: Pass, rows: Int) {
    state.withLock { state in
      if pass.reset != nil { state.isCaughtUp = false }
      if rows > 0 || pass.reset != nil { state.isStale = true }
      guard state.isStale else {
        state.isCaughtUp = state.isCaughtUp || pass.reachedEnd
        return
      }
      if state.dueAt == nil { state.dueAt = now().advanced(by: Self.interval) }
      if pass.reachedEnd, !state.isCaughtUp {
        state.isCaughtUp = true
        state.dueAt = now()
      }
    }
  }

  /// Makes a checkpoint due because the index was filled. Without one, the index would be filled
  /// again after a restart.
  func noteFilledIndex() {
    state.withLock { state in
      state.isStale = true
      state.dueAt = now()
    }
  }

  var isStale: Bool { state.withLock { $0.isStale } }

  var isDue: Bool {
    state.withLock { state in
      guard state.isStale, let dueAt = state.dueAt else { return false }
      return dueAt <= now()
    }
  }

  /// Call it when the state to save is copied, because later changes are not in the copy.
  func beginSaving() { state.withLock { $0.isStale = false } }

  /// - Returns: whether it is on disk.
  func save(_ checkpoint: StoreCheckpoint) -> Bool {
    let bytes = checkpoint.encode(for: subject)
    let pause = max(Self.interval, .seconds(bytes.count / Self.bytesPerSecond))
    do throws(SystemFailure) {
      try directory.replace(subject.fileName, with: bytes)
      state.withLock { state in
        state.dueAt = now().advanced(by: pause)
        state.isFailing = false
      }
      return true
    } catch {
      fail(error, pause: pause)
      return false
    }
  }

  private func fail(_ error: SystemFailure, pause: Duration) {
    let isNew = state.withLock { state in
      state.isStale = true
      state.dueAt = now().advanced(by: pause)
      defer { state.isFailing = true }
      return !state.isFailing
    }
    guard isNew else { return }
    logger.warning(
      "the checkpoint cannot be written; the exporter tries again later",
      metadata: ["error": .string(error.description), "directory": .string(directory.path)])
  }

  private static func absolute(_ path: String) -> String {
    let isLocal = !path.utf8.starts(with: "postgresql://".utf8)
    guard isLocal, path.utf8.first != UInt8(ascii: "/"), let directory = getcwd(nil, 0) else {
      return path
    }
    defer { free(directory) }
    return String(cString: directory) + "/" + path
  }
}
