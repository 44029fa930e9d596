import EvidenceStore
import NIOPosix

/// Follows one store until it is told to stop: reads it to its end, then waits for a wake-up.
struct StoreFollower: Sendable {
  /// How often a store is looked at whatever happens: where there are file events as a safety net,
  /// else as the way to notice a commit.
  private static let safetyInterval: Duration = .seconds(1)
  private static let pollInterval: Duration = .milliseconds(50)
  /// A file event comes before the commit can be seen: the store is looked at again after these
  /// waits, one after the other, until it has changed.
  private static let looksAgain: [Duration] = (0..<12).map { .microseconds(200 << $0) }

  let store: FollowedStore
  let wakeUp: WakeUp
  let watcher: ChangeWatcher
  let threads: NIOThreadPool
  let clock: any Clock<Duration>

  /// Returns when the wake-up is finished or the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await poll() }
      await follow(&group)
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

  private func follow(_ group: inout DiscardingTaskGroup) async {
    var looks = Self.looksAgain[...]
    for await _ in wakeUp.wakes {
      if wakeUp.takeReason() == .fileEvent { looks = Self.looksAgain[...] }
      let turn = await readToEnd()
      guard turn == .unchanged || turn == .failed(.locked) else {
        looks = []
        continue
      }
      // Not waited for here: a file event that comes meanwhile is looked after at once.
      guard let wait = looks.popFirst() else { continue }
      group.addTask {
        try? await clock.sleep(for: wait)
        wakeUp.wake(.lookAgain)
      }
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
