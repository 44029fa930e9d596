import EvidenceStore
import Glibc
import LinuxSystem
import NIOPosix

/// Follows one store until it is told to stop: reads it to its end, then waits for a wake-up.
struct StoreFollower: Sendable {
  /// A file event comes before the commit can be seen: the store is looked at again after these
  /// waits, one after the other, until it has changed. The first few are shorter than what it takes
  /// to change threads, and so are waited for on the thread that looks.
  private static let shortWaits: [useconds_t] = [200, 400, 800]
  private static let looksAgain: [Duration] = (3..<12).map { .microseconds(200 << $0) }

  let store: FollowedStore
  let wakeUp: WakeUp
  let watcher: ChangeWatcher
  let polls: PollScheduler
  let threads: NIOThreadPool

  /// Returns when the wake-up is finished or the task is cancelled.
  func run() async {
    polls.add(store, wakeUp)
    await withDiscardingTaskGroup { group in
      await follow(&group)
      group.cancelAll()
    }
    polls.remove(wakeUp)
    watcher.unwatch(wakeUp)
  }

  private func follow(_ group: inout DiscardingTaskGroup) async {
    var looks = Self.looksAgain[...]
    var calm = Calm()
    for await _ in wakeUp.wakes {
      let reasons = wakeUp.takeReasons()
      if reasons.contains(.fileEvent) { looks = Self.looksAgain[...] }
      if reasons.contains(.poll), calm.needsWatch { calm.events = await watch() }
      let turn = await readToEnd(reasons.contains(.fileEvent) ? Self.shortWaits[...] : [])
      calm.note(turn, reasons)
      polls.note(calm.finding, calm.events, of: wakeUp)
      // Where there is neither a WAL nor a writer at work, what is committed can be seen.
      guard [.unchanged, .failed(.locked)].contains(turn) else {
        looks = []
        continue
      }
      // Not waited for here: a file event that comes meanwhile is looked after at once.
      guard let wait = looks.popFirst() else { continue }
      group.addTask {
        try? await Task.sleep(for: wait)
        wakeUp.wake(.lookAgain)
      }
    }
  }

  private func watch() async -> FileEvents {
    let (store, watcher, wakeUp) = (store, watcher, wakeUp)
    let events = try? await threads.runIfActive { watcher.watch(store.path, wakeUp) }
    return events ?? .absent
  }

  /// Blocking reads go to threads of their own: the few of the concurrency runtime serve scrapes.
  ///
  /// - Parameter waits: after which to look again while nothing has changed, in microseconds.
  private func readToEnd(_ waits: ArraySlice<useconds_t>) async -> FollowedStore.Turn {
    while !Task.isCancelled {
      let store = store
      let turn = try? await threads.runIfActive {
        var turn = store.tick()
        for wait in waits where turn == .unchanged {
          usleep(wait)
          turn = store.tick()
        }
        return turn
      }
      guard let turn else { break }
      if turn != .more { return turn }
    }
    return .unchanged
  }
}

extension StoreFollower {
  /// Whether nothing goes on at a store that its watch, as it was set, does not tell of.
  private struct Calm {
    var events = FileEvents.absent
    private(set) var finding = PollBackoff.Finding.busy

    /// Whatever happened may have put another directory in the place of the one that is watched.
    var needsWatch: Bool { finding != .quiet || events == .absent }

    mutating func note(_ turn: FollowedStore.Turn, _ reasons: WakeUp.Reasons) {
      switch turn {
      case .failed(.missing): finding = .missing
      // A lock ends without anybody's doing.
      case .failed(let kind) where kind != .locked: finding = .failed
      case .quiet where !reasons.contains(.fileEvent):
        finding = reasons.contains(.poll) || finding == .quiet ? .quiet : .busy
      default: finding = .busy
      }
    }
  }
}
