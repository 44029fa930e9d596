package import NIOPosix

extension NIOThreadPool {
  /// Runs blocking work to its end, even if the task is cancelled in the meantime.
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
