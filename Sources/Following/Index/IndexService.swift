package import NIOPosix
import ServiceLifecycle

/// Keeps the indexes of all stores in line with their databases.
package final class IndexService: Service {
  /// How often to compare them. Rows that are deleted at either end are forgotten within 5 seconds.
  private static let interval: Duration = .seconds(2)
  /// How often it looks where no store has an index yet.
  private static let emptyInterval: Duration = .seconds(5)

  private let registry: StoreRegistry
  private let threads: NIOThreadPool

  package init(registry: StoreRegistry, threads: NIOThreadPool) {
    self.registry = registry
    self.threads = threads
  }

  private var indexedStores: [FollowedStore] { registry.stores.filter { $0.index != nil } }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await repeatedly(every: self.indexedStores.isEmpty ? Self.emptyInterval : Self.interval) {
        let stores = self.indexedStores
        guard !stores.isEmpty else { return }
        _ = await self.threads.runToEnd { for store in stores { store.maintainIndex() } }
      }
    }
  }
}
