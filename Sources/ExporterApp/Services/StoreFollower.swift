import EvidenceStore
import NIOPosix

/// Follows one store until it is told to stop: reads it to its end, then waits for a wake-up.
struct StoreFollower: Sendable {
  /// How often a store is looked at whatever happens: where there are file events as a safety net,
  /// else as the way to notice a commit.
  private static let safetyInterval: Duration = .seconds(1)
  private static let pollInterval: Duration = .milliseconds(50)
  /// A file event comes before the commit can be seen: the store is looked at again after these
  /// waits, until it has changed.
  private static let looksAgain: [Duration] = [1, 2, 4, 8, 16, 32, 64, 128, 256].map {
    .milliseconds($0)
  }

  let store: FollowedStore
  let wakeUp: WakeUp
  let watcher: ChangeWatcher
  let threads: NIOThreadPool
  let clock: any Clock<Duration>

  /// Returns when the wake-up is finished or the task is cancelled.
  func run() async {
    await withTaskGroup { group in
      group.addTask { await poll() }
      group.addTask { await follow() }
      await group.next()
      group.cancelAll()
    }
    watcher.unwatch(wakeUp)
  }

  private func poll() async {
    while !Task.isCancelled {
      let hasEvents = watcher.watch(store.path, wakeUp)
      wakeUp.wake(.poll)
      try? await clock.sleep(for: hasEvents ? Self.safetyInterval : Self.pollInterval)
    }
  }

  private func follow() async {
    for await _ in wakeUp.wakes {
      let reason = wakeUp.takeReason()
      let turn = await readToEnd()
      let mayComeYet = turn == .unchanged || turn == .failed(.locked)
      if reason == .fileEvent, mayComeYet { await lookAgain() }
    }
  }

  private func lookAgain() async {
    for wait in Self.looksAgain {
      do { try await clock.sleep(for: wait) } catch { return }
      if await readToEnd() == .readToEnd { return }
    }
  }

  /// Blocking reads go to threads of their own: the few of the concurrency runtime serve scrapes.
  private func readToEnd() async -> FollowedStore.Turn {
    while !Task.isCancelled {
      let store = store
      guard let turn = try? await threads.runIfActive({ store.tick() }) else { break }
      if turn != .more { return turn }
    }
    return .unchanged
  }
}
