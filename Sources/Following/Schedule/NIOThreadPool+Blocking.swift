package import NIOPosix

extension NIOThreadPool {
  /// Runs work that blocks, to its end even if the task is cancelled meanwhile.
  ///
  /// - Returns: `nil` if the threads have stopped.
  package func runToEnd<Value: Sendable>(
    _ work: @escaping @Sendable () -> Value
  ) async -> Value? {
    await withCheckedContinuation { continuation in
      submit { state in
        continuation.resume(returning: state == .active ? work() : nil)
      }
    }
  }
}
