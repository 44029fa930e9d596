import Following
import LinuxSystem
import NIOPosix
import ServiceLifecycle

/// Returns memory to the kernel after queries for evidence.
///
/// Freed rows, pages and pieces of exports lie between memory that is in use, and `malloc` would keep them.
final class HeapService: Service {
  private static let interval: Duration = .seconds(5)

  private let queries: EvidenceQueries
  private let threads: NIOThreadPool

  init(queries: EvidenceQueries, threads: NIOThreadPool) {
    self.queries = queries
    self.threads = threads
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await repeatedly(every: Self.interval) {
        guard self.queries.takeNews() else { return }
        try? await self.threads.runIfActive { HeapSettings.giveBack() }
      }
    }
  }
}
