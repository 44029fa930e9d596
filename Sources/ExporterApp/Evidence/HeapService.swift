import Following
import LinuxSystem
import NIOPosix
import ServiceLifecycle

/// Gives memory back to the kernel after rows of evidence were served.
///
/// Rows, pages and pieces of exports leave holes between what stays, and `malloc` would keep them.
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
      while !Task.isCancelled {
        do {
          try await Task.sleep(for: Self.interval, tolerance: .timerTolerance)
        } catch {
          return
        }
        guard self.queries.takeNews() else { continue }
        try? await self.threads.runIfActive { HeapSettings.giveBack() }
      }
    }
  }
}
