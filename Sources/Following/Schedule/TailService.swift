import LinuxSystem
package import NIOPosix
import ServiceLifecycle
import Synchronization

/// Follows all stores of the registry as they are added and removed.
///
/// One thread waits for the file events and the due times of all stores, and reads what can be read
/// at once.
package final class TailService: Service {
  private enum News: Sendable {
    case otherStores
    case finished(FollowTurns.ID, FollowSchedule.Event)
    case stop
  }

  private let registry: StoreRegistry
  private let watcher: ChangeWatcher
  private let threads: NIOThreadPool
  private let inbox = Mutex<[News]>([.otherStores])
  private let signal = ThreadSignal()

  package init(registry: StoreRegistry, watcher: ChangeWatcher, threads: NIOThreadPool) {
    self.registry = registry
    self.watcher = watcher
    self.threads = threads
  }

  /// Call this when the stores of the registry or their settings have changed.
  package func storesChanged() { tell(.otherStores) }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskCancellationHandler {
        _ = await self.threads.runToEnd { self.follow() }
      } onCancel: {
        self.tell(.stop)
      }
    }
  }

  private func tell(_ news: News) {
    inbox.withLock { $0.append(news) }
    signal.raise()
  }

  /// Blocks until the service stops.
  private func follow() {
    var turns = FollowTurns(watcher: watcher, start: .now) { id, work in
      self.threads.submit { state in
        guard state == .active else { return }
        let event = work()
        self.tell(.finished(id, event))
      }
    }
    var polls = TablePolls()
    defer { polls.stop() }
    while true {
      let now = ContinuousClock.now
      for news in takeNews() {
        switch news {
        case .otherStores:
          turns.follow(registry.stores.filter(\.place.isFile), at: now)
          polls.follow(registry.stores.filter { !$0.place.isFile })
        case .finished(let id, let event): turns.finish(event, of: id, at: now)
        case .stop: return
        }
      }
      let (next, awaitsEvents) = turns.run(at: now)
      let limit = next.map { ContinuousClock.now.duration(to: $0) }
      signal.wait(atMost: limit, events: awaitsEvents ? watcher.queue : nil)
    }
  }

  private func takeNews() -> [News] {
    inbox.withLock { inbox in
      defer { inbox = [] }
      return inbox
    }
  }
}
