import EvidenceStore
import LinuxSystem
import Logging
import ReflexiveCore
import RowIndex
import Synchronization

extension FollowedStore {
  /// Whether it is time for ``saveCheckpoint()``.
  package var isCheckpointDue: Bool { keeper?.isDue ?? false }

  /// Writes a checkpoint of the position and the indicators, if they have changed. Blocks until it
  /// is on disk, while reading goes on.
  package func saveCheckpoint() {
    guard let keeper, keeper.isStale else { return }
    guard var checkpoint = place.isFile ? copyCheckpoint() : copyCheckpointAtOnce() else { return }
    do throws(SystemFailure) {
      try index?.synchronize()
    } catch {
      // The index is filled again after a restart.
      checkpoint.index = nil
    }
    if keeper.save(checkpoint) { index?.checkpointWasSaved() }
  }

  private func copyCheckpoint() -> StoreCheckpoint? {
    reader.withLock { makeCheckpoint($0) }
  }

  /// Copies the state unless a turn holds the lock. One that waits for a server has nothing new.
  private func copyCheckpointAtOnce() -> StoreCheckpoint? {
    reader.withLockIfAvailable { makeCheckpoint($0) } ?? nil
  }

  private func makeCheckpoint(_ reader: Reader) -> StoreCheckpoint? {
    guard let keeper, reader.unproven == nil, let position = reader.source.storePosition else {
      return nil
    }
    keeper.beginSaving()
    return StoreCheckpoint(
      settings: reader.settings, greatestID: state.greatestID, position: position,
      indicators: state.indicators, index: index?.checkpoint())
  }

  func loadCheckpoint(_ reader: inout Reader) {
    reader.isFresh = false
    guard let loaded = keeper?.load(reader.settings) else { return }
    state.note(greatestID: loaded.greatestID)
    guard let checkpoint = loaded.checkpoint else { return }
    reader.source = place.source(
      payloadLimit: reader.settings.payloadLimit, stop: stop, resumingAt: checkpoint.position)
    reader.unproven = checkpoint
  }

  /// Resumes from the checkpoint if the first pass found the store that it belongs to. Otherwise
  /// this is an ordinary start, which does not count as a reset.
  func prove(_ pass: Pass, _ reader: inout Reader) -> Pass {
    guard let checkpoint = reader.unproven else { return pass }
    reader.unproven = nil
    guard let reset = pass.reset else {
      state.resume(checkpoint.indicators)
      resumeIndex(checkpoint)
      logger.info("resumed from a checkpoint")
      return pass
    }
    logger.warning(
      "the store is not the one of the checkpoint; reading it again from its start",
      metadata: ["reason": .string(reset.rawValue), "path": .string(path)])
    var pass = pass
    pass.reset = nil
    return pass
  }

  private func resumeIndex(_ checkpoint: StoreCheckpoint) {
    guard let index, !index.restore(checkpoint.index, tailID: checkpoint.position.tailID) else {
      return
    }
    logger.warning("the index of rows is not used; filling it again")
  }
}
