import NIOPosix
import ServiceLifecycle

/// Writes the checkpoints of all stores: soon after a store is caught up, every half minute while it
/// changes, and at the end.
///
/// It starts before the tail and so ends after it: the last checkpoint has every row that was read.
package final class CheckpointService: Service {
  /// How often it looks for what is due.
  private static let interval: Duration = .seconds(5)

  private let registry: StoreRegistry
  private let clock: any Clock<Duration>

  package init(registry: StoreRegistry, clock: any Clock<Duration> = ContinuousClock()) {
    self.registry = registry
    self.clock = clock
  }

  package func run() async throws {
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await self.clock.sleep(for: Self.interval) } catch { return }
        let due = self.registry.stores.filter(\.isCheckpointDue)
        guard !due.isEmpty else { continue }
        try? await threads.runIfActive { for store in due { store.saveCheckpoint() } }
      }
    }
    for store in registry.stores { store.saveCheckpoint() }
    try await threads.shutdownGracefully()
  }
}
