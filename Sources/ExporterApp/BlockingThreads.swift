import NIOPosix
import ServiceLifecycle

/// The threads for work that blocks: files, SQLite, globs, certificates. Such work stays off the
/// threads that serve. These threads stop after the services that use them.
struct BlockingThreads: Service {
  /// Enough for the thread that follows the stores, for four stores that wait for a lock without
  /// holding up the others, and for three configurations and checkpoints.
  static let standardCount = 1 + 4 + 3

  let pool: NIOThreadPool

  init(count: Int = standardCount) { pool = NIOThreadPool(numberOfThreads: count) }

  func run() async throws {
    try? await gracefulShutdown()
    try await pool.shutdownGracefully()
  }
}
