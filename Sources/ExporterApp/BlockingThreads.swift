import NIOPosix
import ServiceLifecycle

/// The threads for all that blocks: files, SQLite, globs, certificates. They keep it from those that
/// serve, and stop after all that uses them.
struct BlockingThreads: Service {
  /// Stores that can wait for a lock at the same time without holding up the others, and a few
  /// threads for configurations and checkpoints.
  private static let count = 4 + 3

  let pool = NIOThreadPool(numberOfThreads: count)

  func run() async throws {
    try? await gracefulShutdown()
    try await pool.shutdownGracefully()
  }
}
