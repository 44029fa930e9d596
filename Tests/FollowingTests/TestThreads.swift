import NIOPosix

/// Threads of the test's own: those that tests share may all be taken.
final class TestThreads: Sendable {
  let pool = NIOThreadPool(numberOfThreads: 4)

  init() { pool.start() }
  deinit { pool.shutdownGracefully { _ in } }
}
