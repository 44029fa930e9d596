package import NIOPosix
import ServiceLifecycle
import Synchronization

/// Follows all stores of the registry, as they join and leave.
package final class TailService: Service {
  private struct Running {
    var store: FollowedStore
    var wakeUp: WakeUp
  }

  private let registry: StoreRegistry
  private let watcher: ChangeWatcher
  private let threads: NIOThreadPool
  private let changes: AsyncStream<Void>
  private let change: AsyncStream<Void>.Continuation
  private let polls = PollScheduler()

  package init(registry: StoreRegistry, watcher: ChangeWatcher, threads: NIOThreadPool) {
    self.registry = registry
    self.watcher = watcher
    self.threads = threads
    (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Says that the stores of the registry are others now, or are to be read in another way.
  package func storesChanged() { change.yield() }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask { await self.polls.run(threads: self.threads) }
        var running: [ObjectIdentifier: Running] = [:]
        self.change.yield()
        for await _ in self.changes {
          let stores = self.registry.stores
          let wanted = Set(stores.map(ObjectIdentifier.init))
          for (id, follower) in running where !wanted.contains(id) {
            follower.wakeUp.finish()
            running[id] = nil
          }
          for follower in running.values { follower.wakeUp.wake(.poll) }
          for store in stores where running[ObjectIdentifier(store)] == nil {
            let wakeUp = WakeUp()
            running[ObjectIdentifier(store)] = Running(store: store, wakeUp: wakeUp)
            let follower = StoreFollower(
              store: store, wakeUp: wakeUp, watcher: self.watcher, polls: self.polls,
              threads: self.threads)
            group.addTask { await follower.run() }
          }
        }
        group.cancelAll()
      }
    }
  }
}
