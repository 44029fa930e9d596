package import NIOPosix
import ServiceLifecycle

/// Writes the checkpoints of all stores: soon after a store is caught up, at most every half minute
/// while it changes, and at the end.
///
/// It starts before the tail and so ends after it. The last checkpoint has every row that was read.
package final class CheckpointService: Service {
  /// How often to look for checkpoints that are due.
  private static let interval: Duration = .seconds(5)

  private let registry: StoreRegistry
  private let threads: NIOThreadPool

  package init(registry: StoreRegistry, threads: NIOThreadPool) {
    self.registry = registry
    self.threads = threads
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await repeatedly(every: Self.interval) {
        let due = self.registry.stores.filter(\.isCheckpointDue)
        guard !due.isEmpty else { return }
        try? await self.threads.runIfActive { for store in due { store.saveCheckpoint() } }
      }
    }
    // The tail has ended by now. Cancellation must not stop this, so it uses no other thread.
    for store in registry.stores { store.saveCheckpoint() }
  }
}
